"""Each problem has a code, a page, an example that gives it, and a clear rendering."""

import re
from pathlib import Path

import pytest

from policyeval.diagnostics import CODES, Diagnostic, did_you_mean, render
from policyeval.messages import message
from policyeval.source import Source, Span
from tools import chunks

PAGES = Path(__file__).parents[1] / "docs" / "diagnostics"
FILES = sorted([*chunks.FOLDER.rglob("*.feel"), *chunks.FOLDER.rglob("*.yaml")])
CHUNKS = [chunk for path in FILES for chunk in chunks.read(path)]

# Codes that no expression or short file of its own can give, and the tests that see to them.
ELSEWHERE = {
    "cases.asked-on": "cases/test_files_of_cases.py",
    "cases.duplicate-id": "cases/test_files_of_cases.py",
    "cases.failed": "store/test_reloading.py",
    "cases.unknown": "cases/test_files_of_cases.py",
    "log.damaged": "records/test_verifying.py",
    "log.unavailable": "records/test_faults.py",
    "registry.changing": "store/test_watching.py",
    "registry.not-accepted": "store/test_reloading.py",
    "eval.calendar": "backends/test_calendars.py",
    "eval.hit-policy": "feel/test_tables.py",
    "feel.table": "feel/test_tables.py",
    "fmt.refused": "policy/editing/test_layout.py",
    "input.inconsistent": "cli/test_decide.py",
    "input.json": "feel/test_protocol.py",
    "input.asked-on": "facts/test_refusals.py",
    "input.between": "facts/test_refusals.py",
    "input.date": "facts/test_refusals.py",
    "input.duplicate-name": "facts/test_refusals.py",
    "input.float": "facts/test_refusals.py",
    "input.future-event": "facts/test_refusals.py",
    "input.null": "facts/test_refusals.py",
    "input.number": "facts/test_refusals.py",
    "input.number-digits": "facts/test_refusals.py",
    "input.number-range": "facts/test_refusals.py",
    "input.one-of": "facts/test_refusals.py",
    "input.time": "facts/test_refusals.py",
    "input.too-long": "facts/test_refusals.py",
    "input.too-many-problems": "facts/test_refusals.py",
    "input.type": "facts/test_refusals.py",
    "input.unknown-fact": "facts/test_refusals.py",
    "input.unknown-key": "facts/test_refusals.py",
    "input.value": "feel/test_python_values.py",
    "registry.bad-id": "policy/test_repository.py",
    "registry.dates": "policy/test_repository_files.py",
    "registry.capture": "analysis/drift/test_captures.py",
    "registry.digest-changed": "policy/test_lock.py",
    "registry.gap": "policy/test_versions.py",
    "registry.ignored-file": "policy/test_repository.py",
    "registry.lock-file": "policy/test_lock.py",
    "registry.locked-missing": "policy/test_lock.py",
    "registry.missing": "policy/test_repository.py",
    "registry.no-version": "cli/test_decide.py",
    "registry.not-a-file": "policy/test_repository.py",
    "registry.not-installed": "cli/test_diff.py",
    "registry.not-locked": "policy/test_lock.py",
    "registry.overlap": "policy/test_versions.py",
    "registry.published": "cli/test_lock.py",
    "registry.unknown": "cli/test_decide.py",
    "registry.wrong-name": "policy/test_repository.py",
    "yaml.too-big": "policy/test_yaml_hostile.py",
    "yaml.too-many-problems": "policy/test_yaml_hostile.py",
}


@pytest.mark.parametrize("chunk", CHUNKS, ids=lambda chunk: chunk.name)
def test_an_example_gives_exactly_the_problems_that_its_file_says(
    chunk: chunks.Chunk,
) -> None:
    found = chunks.found(chunk)
    silent = {(each.line, each.code) for each in chunk.expected if not each.help}
    compared = tuple(
        chunks.Expected(each.line, each.severity, each.code)
        if (each.line, each.code) in silent
        else each
        for each in found
    )
    assert compared == chunk.expected


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_an_example_that_gives_it(code: str) -> None:
    if code in ELSEWHERE:
        assert (Path(__file__).parent / ELSEWHERE[code]).exists()
        return
    category, slug = code.split(".")
    kind = "yaml" if category in {"policy", "schema", "yaml"} else "feel"
    first = chunks.read(chunks.FOLDER / category / f"{slug}.{kind}")[0]
    assert {each.code for each in first.expected} == {code}


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_a_page_that_says_what_to_do(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# `{code}`\n")
    assert "\n## What to do\n" in page


def test_no_page_and_no_example_is_about_a_code_that_does_not_exist() -> None:
    pages = {path.stem for path in PAGES.glob("*.md")} - {"README"}
    examples = {f"{path.parent.name}.{path.stem}" for path in FILES}
    assert pages == set(CODES)
    assert examples <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_a_category_and_words_with_hyphens(code: str) -> None:
    assert re.fullmatch(
        r"(text|yaml|schema|fmt|cases|policy|registry|feel|eval|input|log)\.[a-z]+(-[a-z]+)*", code
    )


# ------------------------------------------------------------------------------- rendering

TEXT = "fee_base *\n\tfee_rte + 1"


def _diagnostic(start: int, end: int, text: str = TEXT, name: str | None = None) -> Diagnostic:
    return Diagnostic(
        "feel.unknown-name",
        message("unknown name `{name}`", name="fee_rte"),
        Span(start, end),
        Source(text, name),
        help=message("did you mean `{name}`?", name="fee_rate"),
    )


def test_a_problem_is_shown_with_its_place_its_line_and_a_caret() -> None:
    assert render(_diagnostic(12, 19, name="rules.feel")).split("\n") == [
        "rules.feel:2:2: error: unknown name `fee_rte`  [feel.unknown-name]",
        "    2 |  fee_rte + 1",
        "      |  ^^^^^^^",
        "   help: did you mean `fee_rate`?",
    ]


def test_a_problem_is_shown_in_the_language_of_the_reader() -> None:
    assert render(_diagnostic(12, 19), "sv").split("\n") == [
        "<uttryck>:2:2: fel: okänt namn `fee_rte`  [feel.unknown-name]",
        "    2 |  fee_rte + 1",
        "      |  ^^^^^^^",
        "   hjälp: menade du `fee_rate`?",
    ]
    assert render(_diagnostic(12, 19), "de").split("\n") == [
        "<Ausdruck>:2:2: Fehler: unbekannter Name `fee_rte`  [feel.unknown-name]",
        "    2 |  fee_rte + 1",
        "      |  ^^^^^^^",
        "   Hilfe: meinten Sie `fee_rate`?",
    ]


@pytest.mark.parametrize(
    ("text", "start", "end", "caret"),
    [
        ("", 0, 0, "^"),
        ("abc", 3, 3, "   ^"),
        ("abc", 99, 120, "   ^"),
        ("a\nb", 0, 3, "^"),
        ("日本 x", 3, 4, "     ^"),
        ("日本", 0, 2, "^^^^"),
        ("\u202ex", 1, 2, "      ^"),
    ],
    ids=["empty", "end", "beyond", "two-lines", "after-wide", "wide", "after-hidden"],
)
def test_the_caret_stands_under_what_it_is_about(
    text: str, start: int, end: int, caret: str
) -> None:
    assert render(_diagnostic(start, end, text)).split("\n")[2] == f"      | {caret}"


def test_a_long_line_is_shown_around_the_caret() -> None:
    text = "a" * 5_000 + "X" + "b" * 5_000
    _, excerpt, caret, _ = render(_diagnostic(5_000, 5_001, text)).split("\n")
    assert len(excerpt) < 120
    assert excerpt[caret.index("^")] == "X"


def test_a_line_ends_where_an_editor_says() -> None:
    source = Source("a\u2028b\x0cc\x85d\r\ne\rf\ng")
    assert [source.line(number) for number in range(1, 5)] == ["a\u2028b\x0cc\x85d", "e", "f", "g"]
    assert source.position(source.text.index("g")).line == 4


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("fee_rte", "fee_rate"), ("Fee_Rate", "fee_rate"), ("xyz", None), ("", None)],
)
def test_the_nearest_known_name_is_suggested(name: str, suggestion: str | None) -> None:
    found = did_you_mean(name, ["fee_rate", "invoice_on", "approved_on"])
    assert (found.text() if found else None) == (
        f"did you mean `{suggestion}`?" if suggestion else None
    )
