"""What a run has found becomes tables and pictures: the same results, the same bytes."""

import re
import shutil
from pathlib import Path

import pytest

from benchmarks.transactions import growing, loading, pages, results, speed
from benchmarks.transactions.growing import Grown
from benchmarks.transactions.loading import Loaded
from benchmarks.transactions.results import Results
from benchmarks.transactions.speed import Row, Slow
from benchmarks.transactions.together import Rate

NAMES = tuple(pages.TITLES)
FOUND = Results(
    "2 cores, CPython 3.11",
    2_000,
    {name: {"payable NO": 0.2, "payable late": 0.05, "payable YES": 0.8} for name in NAMES},
    [
        Row(name, what, 12.0, 16.0, ratio, target)
        for name in NAMES
        for what, ratio, target in ((speed.DICT, 0.75, 0.8), (speed.JSON, 1.25, 1.0))
    ],
    [Slow(name, 0.8, 700.0, 5_000.0, 14.0, 0.02, 300) for name in NAMES],
    [
        Loaded(1, 0.5, 0.06, 0.05, 20_480.0, 21_504.0),
        Loaded(10, 0.95, 0.5, 0.5, 22_528.0, 27_648.0),
        Loaded(1_000, 50.45, None, None, 252_928.0, None),
    ],
    [
        Rate(name, workers, of, 50_000.0)
        for name in NAMES
        for of in ("thread", "process")
        for workers in (1, 2)
    ],
    [Grown(10, 15.0, 0.1), Grown(100, 30.0, 0.2), Grown(1_000, 180.0, 1.5)],
)


def test_results_are_the_same_after_they_were_written_and_read(tmp_path: Path) -> None:
    results.write(FOUND, tmp_path / "results.json")
    assert results.read(tmp_path / "results.json") == FOUND


def test_tables_stand_in_their_places_however_often_they_are_renewed(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    shutil.copy(pages.PAGE, page)
    pages.renew(FOUND, page)
    once = page.read_text(encoding="utf-8")
    pages.renew(FOUND, page)
    assert page.read_text(encoding="utf-8") == once
    for table in pages.tables(FOUND).values():
        assert table in once


def test_a_page_without_a_place_for_a_table_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Nothing\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no place for `machine`"):
        pages.renew(FOUND, page)


def test_what_is_linear_has_the_slope_one() -> None:
    assert loading.slope(FOUND.loaded) == pytest.approx(1)
    assert growing.slope(FOUND.grown) == pytest.approx(1)


def test_targets_that_were_missed_are_named() -> None:
    assert list(speed.missed(FOUND.rows, FOUND.slow)) == [
        f"{name}, {speed.JSON}: 1.25, at most 1.0" for name in NAMES
    ]
    slower = [Slow("ibas", 0.8, 1_000.0, 5_000.0, 10.0, 0.02, 300)]
    assert list(speed.missed([], slower)) == ["ibas, something open: 100, at most 60"]


def test_the_page_says_which_command_makes_it_and_its_pictures_exist() -> None:
    text = pages.PAGE.read_text(encoding="utf-8")
    assert "python -m benchmarks.transactions --pictures" in text
    pictures = re.findall(r"\]\((performance/.+?\.svg)\)", text)
    assert len(pictures) >= 5
    for each in pictures:
        assert (pages.PAGE.parent / each).exists(), each


def test_pictures_are_drawn_the_same_from_the_same_results(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra `benchmark` is not installed")
    from benchmarks.pictures import draw

    draw(FOUND, tmp_path / "one")
    draw(FOUND, tmp_path / "two", ["ratios", "rules"])
    names = {each.name for each in (tmp_path / "one").iterdir()}
    text = pages.PAGE.read_text(encoding="utf-8")
    assert names == {Path(each).name for each in re.findall(r"performance/(.+?\.svg)", text)}
    for name in names:
        picture = (tmp_path / "one" / name).read_text(encoding="utf-8")
        assert "<dc:date>" not in picture
        assert FOUND.machine in picture
    for each in (tmp_path / "two").iterdir():
        assert each.read_bytes() == (tmp_path / "one" / each.name).read_bytes()
