"""The tables of the grammar: kept in a file, made anew where the file is not the grammar's."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from policyeval.errors import ExpressionError
from policyeval.feel import grammar, parser, syntax
from policyeval.source import Source
from tools import write_tables

TEXT = grammar.text()
ROOT = Path(__file__).parents[2]

EXPRESSIONS = [
    "1 + 2 * -3 ** 2",
    'if a >= 18 then "adult" else null',
    "for x in [1, 2], y in x..3 return {a: x, b: y}",
    "some x in [1] satisfies x > 0 and every y in [2] satisfies y < x or true",
    'date and time("2024-02-29T12:00:00@Europe/Stockholm") in (< @"2024-01-01", [1..2), ]1..2[)',
    "function(a: list<number>, b) a[item > 1].b(c: 1)",
    "x instance of function<number, context<a: string>> -> range<date>",
    "x between 1 and 2 and not(y in (1))",
]
TYPES = ["number", "list<context<a: string, b: range<date>>>", "function<> -> Any"]
MISTAKES = ["", "1 +", "if 1 then 2", "[1, 2", "{a 1}", "for x in return 1", "1 2"]


@pytest.fixture(scope="module")
def made() -> grammar.Tables:
    return grammar.built(TEXT)


def test_the_committed_file_is_what_the_grammar_gives() -> None:
    assert grammar.SAVED.read_text(encoding="utf-8") == write_tables.current()


def test_the_kept_tables_are_those_that_lark_makes(made: grammar.Tables) -> None:
    assert grammar.loaded(grammar.SAVED, TEXT) == made


def _read(text: str, tables: grammar.Tables, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Read a text as an expression, as unary tests and as a type: trees, or what is wrong."""
    monkeypatch.setattr(grammar, "tables", lambda: tables)
    parser._tables.cache_clear()
    found: list[object] = []
    readers: tuple[Callable[[Source], syntax.Node], ...] = (
        parser.parse,
        parser.parse_unary_tests,
        parser.parse_type,
    )
    for reader in readers:
        try:
            found.append(reader(Source(text)))
        except ExpressionError as error:
            found.append(error.render("en"))
    return found


@pytest.mark.parametrize("text", [*EXPRESSIONS, *TYPES, *MISTAKES])
def test_kept_and_made_tables_read_a_text_alike(
    text: str, made: grammar.Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = grammar.loaded(grammar.SAVED, TEXT)
    assert kept is not None
    assert _read(text, kept, monkeypatch) == _read(text, made, monkeypatch)


@pytest.fixture(autouse=True)
def _own_tables() -> Iterator[None]:
    """Let no test leave its tables in the parser."""
    yield
    parser._tables.cache_clear()


def _changed(change: Callable[[str], str]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(change(grammar.SAVED.read_text(encoding="utf-8")), encoding="utf-8")

    return write


def _no_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00" * 100)


UNUSABLE: dict[str, Callable[[Path], None]] = {
    "none": lambda path: None,
    "empty": _changed(lambda text: ""),
    "no text": _no_text,
    "a folder": Path.mkdir,
    "one line": _changed(lambda text: text.partition("\n")[0]),
    "half": _changed(lambda text: text[: len(text) // 2]),
    "all but the last character": _changed(lambda text: text[:-1]),
    "something after the end": _changed(lambda text: text + "\n"),
    "one state changed": _changed(lambda text: text.replace('"END":', '"ENDE":', 1) + " "),
    "another digest": _changed(lambda text: text.replace('{"sha256":"', '{"sha256":"0', 1)),
    "no digest": _changed(lambda text: "{" + text.partition("\n")[2]),
    "other JSON": _changed(lambda text: '{"sha256":"",\n"rules":[]}\n'),
    "a list": _changed(lambda text: "[]"),
    "deep JSON": _changed(lambda text: "[" * 100_000),
}


@pytest.mark.parametrize("damage", UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_is_not_as_written_is_passed_over(
    damage: Callable[[Path], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    made: grammar.Tables,
) -> None:
    path = tmp_path / "feel.tables.json"
    damage(path)
    assert grammar.loaded(path, TEXT) is None
    monkeypatch.setattr(grammar, "SAVED", path)
    monkeypatch.setattr(grammar, "built", lambda text: made)
    assert grammar.tables.__wrapped__() is made


def test_tables_of_another_grammar_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "feel.tables.json"
    edited = TEXT + "// a remark\n"
    assert grammar.loaded(grammar.SAVED, edited) is None
    path.write_text(grammar.written(grammar.built(edited), edited), encoding="utf-8")
    assert grammar.loaded(path, edited) is not None
    assert grammar.loaded(path, TEXT) is None


def test_tables_of_another_format_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "_FORMAT", grammar._FORMAT + 1)
    assert grammar.loaded(grammar.SAVED, TEXT) is None


def test_line_ends_of_other_systems_make_no_difference(tmp_path: Path) -> None:
    path = tmp_path / "feel.tables.json"
    path.write_bytes(grammar.SAVED.read_bytes().replace(b"\n", b"\r\n"))
    assert grammar.loaded(path, TEXT) is not None


def test_the_file_is_json_and_has_nothing_twice() -> None:
    found = json.loads(grammar.SAVED.read_text(encoding="utf-8"))
    assert found.keys() == {"sha256", "starts", "ends", "rules", "actions", "gotos", "states"}
    for rows in (found["actions"], found["gotos"]):
        assert len({json.dumps(each) for each in rows}) == len(rows)


@pytest.mark.parametrize("seed", ["0", "1", "2024"])
def test_the_file_is_the_same_whatever_the_order_of_hashes(seed: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tools.write_tables", "--check"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_the_check_fails_for_a_stale_file_and_writing_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "feel.tables.json"
    path.write_text("stale", encoding="utf-8")
    monkeypatch.setattr(grammar, "SAVED", path)
    monkeypatch.setattr(write_tables, "ROOT", tmp_path)
    for arguments, status in (("--check", 1), ("", 0), ("--check", 0)):
        monkeypatch.setattr(sys, "argv", ["write_tables", *arguments.split()])
        assert write_tables.main() == status
    assert "make docs" in capsys.readouterr().err
    assert grammar.loaded(path, TEXT) is not None


def test_reading_a_text_does_not_import_lark() -> None:
    program = (
        "import sys; from policyeval import feel\n"
        "assert feel.evaluate('1 + 1') == 2\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('lark', 're2')])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT / "src",
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.strip() == "[]"
