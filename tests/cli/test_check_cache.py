"""`policyeval check` says the same with and without what it keeps, in one process and in several."""

import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent import futures
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policyeval.cli import check
from policyeval.cli.findings import FORMATS
from policyeval.messages import LANGUAGES
from policyeval.policy.repository import folder
from policyeval.policy.repository.folder import Folder
from tests.cli.conftest import Cli, Output

NAME = "small"
VERSION = "2024-07-01.yaml"

Edit = Callable[[Path], object]

SHARED = """\
format: 1
programme: small
title: {sv: Litet, de: Klein, en: Small}
zone: Europe/Stockholm
parties:
  vendor: {sv: säljaren, de: der Verkäufer, en: the seller}
governed_by:
  clause: "1"
  ambiguity: A1
  question: {sv: Vilken dag?, de: Welcher Tag?, en: Which day?}
  options:
    payment: {day: paid_on, gist: {sv: betalningen, de: die Zahlung, en: the payment}}
"""

TERMS = """\
format: 1
programme: small
version: "{version}"
in_force: {{from: {version}, until: {until}}}
known_from: 2024-01-01
source: {{file: small.txt, language: sv}}
clauses:
  "1":
    lines: [1]
    kind: payment
    gist: {{sv: Betalning ska ske., de: Es ist zu zahlen., en: Payment is due.}}
facts:
  paid_on:
    type: date
    event: true
    label: {{sv: betalningsdag, de: Tag der Zahlung, en: day of payment}}
decisions:
  paid_in_time:
    type: boolean
    question: {{sv: I tid?, de: Rechtzeitig?, en: In time?}}
    clause: "1"
    value: paid_on <= date("2025-01-31") + duration("P0D")
"""

CASES = """\
format: 1
programme: small
base: {asked_on: 2025-06-01, facts: {paid_on: 2025-01-31}}
cases:
  - id: on-the-day
    expect: {paid_in_time: YES}
"""


def programme(folder: Path, name: str = NAME) -> Path:
    """Write a small programme of two versions under a name, with golden cases and a warning in each."""
    path = folder / name
    path.mkdir(parents=True)
    files = {
        "programme.yaml": SHARED,
        "cases.yaml": CASES,
        "2024-01-01.yaml": TERMS.format(version="2024-01-01", until="2024-06-30"),
        VERSION: TERMS.format(version="2024-07-01", until="2040-12-31"),
    }
    for file, text in files.items():
        named = text.replace(f"programme: {NAME}", f"programme: {name}")
        (path / file).write_text(named, encoding="utf-8")
    return path


def replace(path: Path, old: str, new: str, *, at_end: bool = False) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, (path.name, old)
    path.write_text(text + new if at_end else text.replace(old, new, 1), encoding="utf-8")


def _appended(file: str, text: str) -> Edit:
    return lambda folder: replace(folder / file, "", text, at_end=True)


def _replaced(file: str, old: str, new: str) -> Edit:
    return lambda folder: replace(folder / file, old, new)


def _linked_out(folder: Path) -> None:
    elsewhere = folder.parent.parent / f"{folder.name}.yaml"
    (folder / VERSION).rename(elsewhere)
    (folder / VERSION).symlink_to(elsewhere)


def _made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


BREAKS: dict[str, Edit] = {
    "syntax": _appended(VERSION, 'a: "\n'),
    "bytes": lambda folder: (folder / VERSION).write_bytes(b"\xff\xfe\x00"),
    "unknown-key": _appended(VERSION, "readingz: {}\n"),
    "unknown-name": _replaced(VERSION, "paid_on <=", "payed_on <="),
    "empty": lambda folder: (folder / "programme.yaml").write_text(""),
    "no-programme": lambda folder: (folder / "programme.yaml").unlink(),
    "wrong-zone": _replaced("programme.yaml", "zone: ", "zone: Mars/"),
    "case-of-nothing": _appended("cases.yaml", "  - id: x\n    expect: {paid_intime: YES}\n"),
    "case-unreadable": _appended("cases.yaml", "  - {id: x, id: x}\n"),
    "two-versions": lambda folder: (folder / "copy.yaml").write_bytes(
        (folder / VERSION).read_bytes()
    ),
    "misnamed": lambda folder: (folder / VERSION).rename(folder / "V.YAML"),
    "gap": _replaced(VERSION, "from: 2024-07-01", "from: 2030-07-01"),
    "link": _linked_out,
    "bidi": _appended(VERSION, "# \u202e\n"),
}


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with a sound programme and one for each way to break it."""
    monkeypatch.chdir(tmp_path)
    folder = Path("policies")
    programme(folder)
    for name, edit in BREAKS.items():
        edit(programme(folder, name))
    return folder


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with a sound programme only."""
    monkeypatch.chdir(tmp_path)
    programme(Path("policies"))
    return Path("policies")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of one's own for what is kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "policyeval"


@pytest.fixture
def without_cache(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run a command that neither reads nor writes what is kept."""

    def run(*arguments: str, given: bytes = b"") -> Output:
        with monkeypatch.context() as patch:
            patch.setenv("POLICYEVAL_CACHE", "off")
            return cli(*arguments, given=given)

    return run


WAYS = [
    *(("--format", form, "--lang", "en") for form in FORMATS),
    *(("--lang", language) for language in LANGUAGES if language != "en"),
    ("--strict", "--format", "json", "--lang", "sv"),
]


def test_what_is_kept_says_the_same_as_what_is_read_in_every_form(
    broken: Path, home: Path, cli: Cli, without_cache: Cli
) -> None:
    cold = cli("check")
    assert {each.suffix for each in home.iterdir()} == {".outcome", ".programme"}
    assert len([*home.glob("*.outcome")]) == len(BREAKS)  # but for the link, which is never read
    assert cold == cli("check") == without_cache("check")
    for way in WAYS:
        assert cli("check", *way) == without_cache("check", *way)
    for name in BREAKS:
        assert f"policies/{name}/" in cold.out


def test_what_is_kept_is_not_read_again_whatever_is_wrong_with_it(
    broken: Path, home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("check")
    read: list[str] = []
    monkeypatch.setattr(Folder, "read_files", lambda folder, _: read.append(folder.name))
    cli("check")
    assert read == ["link"]  # nothing leads out of the folder, so this one is not even looked into


@pytest.mark.parametrize("way", [("--lang", "sv"), ("--format", "sarif", "--lang", "de")])
def test_several_processes_say_the_same_as_one(
    way: tuple[str, ...], broken: Path, home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "SMALL", 0)
    several = cli("check", "--jobs", "2", *way)
    assert [*home.glob("*.outcome")]
    shutil.rmtree(home)
    assert several == cli("check", "--jobs", "1", *way)


def test_small_folders_need_no_other_process(
    broken: Path, home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a process is started")

    monkeypatch.setattr(futures, "ProcessPoolExecutor", refuse)
    assert cli("check", "--jobs", "8").status == 1


class Lost:
    """A pool that loses a process when the second folder is asked for."""

    def __init__(self, *_: object) -> None:
        self.given = 0

    def submit(self, task: Callable[[Path], object], path: Path) -> "futures.Future[object]":
        self.given += 1
        done: futures.Future[object] = futures.Future()
        if self.given == 1:
            done.set_result(task(path))
        else:
            done.set_exception(futures.process.BrokenProcessPool())
        return done

    def shutdown(self, *, cancel_futures: bool) -> None:
        assert cancel_futures


class Refused:
    """What there is where no process can be started."""

    def __init__(self, *_: object) -> None:
        raise OSError


@pytest.mark.parametrize("pool", [Lost, Refused])
def test_where_processes_are_lost_or_cannot_be_started_this_one_does_the_rest(
    pool: type, broken: Path, without_cache: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = without_cache("check", "--jobs", "1")
    monkeypatch.setattr(check, "SMALL", 0)
    monkeypatch.setattr(futures, "ProcessPoolExecutor", pool)
    assert without_cache("check", "--jobs", "2") == alone


# ------------------------------------------------------------------------------- what is noticed


def _lock(folder: Path, digest: str) -> None:
    lines = ["# written by policyeval lock", f"{NAME} 2024-07-01 {digest}", "# end", ""]
    (folder / "policies.lock").write_text("\n".join(lines), encoding="ascii")


def _within(edit: Edit) -> Edit:
    return lambda folder: edit(folder / NAME)


EDITS: dict[str, Edit] = {
    **{name: _within(edit) for name, edit in BREAKS.items()},
    "lock": lambda folder: _lock(folder, "0" * 64),
    "damaged-lock": lambda folder: (folder / "policies.lock").write_text("x"),
    "another-programme": lambda folder: programme(folder, "second"),
    "no-version": lambda folder: [
        each.rename(each.with_suffix(".txt")) for each in (folder / NAME).glob("2*.yaml")
    ],
    "renamed": lambda folder: (folder / NAME).rename(folder / "renamed"),
    "stray": lambda folder: (folder / "stray.yaml").write_text(""),
    "gone": lambda folder: shutil.rmtree(folder / NAME),
    "cases-are-a-folder": lambda folder: _made_a_folder(folder / NAME / "cases.yaml"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_every_edit_is_noticed_at_once(
    edit: Edit, sound: Path, home: Path, cli: Cli, without_cache: Cli
) -> None:
    before = cli("check")
    assert cli("check") == before
    edit(sound)
    after = cli("check")
    assert after == without_cache("check") == cli("check")
    assert after != before


def test_names_in_cases_are_not_looked_at_once_the_lock_forbids_the_programme(
    sound: Path, home: Path, cli: Cli, without_cache: Cli
) -> None:
    BREAKS["case-of-nothing"](sound / NAME)
    assert "cases.unknown" in cli("check").out
    _lock(sound, "0" * 64)
    locked = cli("check")
    assert "registry.digest-changed" in locked.out
    assert "cases.unknown" not in locked.out
    assert locked == without_cache("check")
    (sound / "policies.lock").unlink()
    assert "cases.unknown" in cli("check").out


@given(data=st.data())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_line_of_whatever_file_is_changed_it_is_as_if_nothing_were_kept(
    data: st.DataObject, home: Path, cli: Cli, without_cache: Cli
) -> None:
    with tempfile.TemporaryDirectory() as base:
        folder = programme(Path(base) / "policies")
        cli("check", str(folder.parent))
        path = data.draw(st.sampled_from(sorted(folder.glob("*.yaml"))))
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at] = data.draw(st.sampled_from(["", "\n", "x\n", "  x: 1\n", lines[at] * 2, "\t"]))
        path.write_text("".join(lines), encoding="utf-8")
        once = cli("check", str(folder.parent), "--format", "json")
        assert once == without_cache("check", str(folder.parent), "--format", "json")
        assert once == cli("check", str(folder.parent), "--format", "json")


# ------------------------------------------------------------------------------- what is kept


def _spoilt(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(_spoilt(path.read_bytes())),
        lambda path: path.chmod(0o666),
        _made_a_folder,
    ],
    ids=["empty", "cut", "flipped", "open to others", "a folder"],
)
def test_a_file_that_is_not_what_was_kept_is_passed_over(
    spoil: Callable[[Path], object], policies: Path, home: Path, cli: Cli
) -> None:
    before = cli("check")
    for each in home.iterdir():
        spoil(each)
    assert cli("check") == before


def test_nothing_is_written_where_keeping_is_switched_off(
    sound: Path, home: Path, without_cache: Cli
) -> None:
    without_cache("check")
    assert not home.exists()


def test_what_check_has_read_starts_other_commands(
    sound: Path, home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("check")
    folder._remembered.cache_clear()  # as in another process
    monkeypatch.setattr("policyeval.policy.loading.read_policy", None)
    assert cli("versions", NAME, "--policies", str(sound)).status == 0


@pytest.mark.parametrize("number", ["0", "-1", "two", "1.5", "²", ""])
def test_a_number_of_processes_that_is_none_is_refused(number: str, cli: Cli) -> None:
    found = cli("check", f"--jobs={number}")
    assert found.status == 2
    assert f"`{number}` is no number of processes" in " ".join(found.err.split())


def test_a_very_large_number_of_processes_starts_no_more_than_there_are_programmes(
    sound: Path, home: Path, cli: Cli
) -> None:
    assert os.cpu_count()
    assert cli("check", "--jobs", "9" * 400).status == 0
