"""`policyeval diff`: which versions, what it says, what it ends with, and the page it writes."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import html as parser

from policyeval.analysis.difference import page
from policyeval.cli import diff
from tests.analysis.difference.changed import NAME, NEW, OLD, PROGRAMMES, Edit, later, replacing
from tests.cli.conftest import Cli
from tests.cli.facts import FACTS, golden_cases

BOTH = ("--policies", str(PROGRAMMES))

CASES = golden_cases(
    """\
  - id: in-time
    expect: {fee_payable: YES}
  - id: after-a-hundred-days
    facts: {ordered_on: 2024-11-09, delivered_on: 2024-11-20, paid_on: 2024-12-15}
    expect: {fee_payable: YES}
  - id: contradictory
    facts: {delivered_on: 2024-08-30}
    refused: [input.inconsistent]
""",
)


def with_later(folder: Path, edit: Edit, cases: str = CASES) -> Path:
    """Add a later version with an edit to a folder of policies; and golden cases."""
    programme = folder / NAME
    (programme / "2024-01-01.yaml").unlink(missing_ok=True)
    (programme / f"{NEW}.yaml").write_text(later(edit), encoding="utf-8")
    (programme / "cases.yaml").write_text(cases, encoding="utf-8")
    return folder


SHORTER = replacing(('value: duration("P120D")', 'value: duration("P90D")'))


def same(text: str) -> str:
    return text


def data_of(cli: Cli, *arguments: str, given: bytes = b"") -> Mapping[str, Any]:
    found = cli("diff", NAME, *arguments, "--format", "json", given=given)
    assert found.out, found.err
    return json.loads(found.out)  # type: ignore[no-any-return]


# ------------------------------------------------------------------------------- which versions


@pytest.mark.parametrize(
    "named",
    [(), ("2024-01-01",), ("2024-07-01",), ("2024-01-01", "2024-07-01")],
    ids=["none", "the-earlier", "the-newest", "both"],
)
def test_versions_that_are_not_named_are_the_newest_and_the_one_before(
    cli: Cli, named: tuple[str, ...]
) -> None:
    data = data_of(cli, *named, *BOTH)
    assert (data["before"]["version"], data["after"]["version"]) == ("2024-01-01", "2024-07-01")


def test_versions_may_be_compared_backwards(cli: Cli) -> None:
    data = data_of(cli, "2024-07-01", "2024-01-01", *BOTH)
    assert (data["before"]["version"], data["after"]["version"]) == ("2024-07-01", "2024-01-01")
    assert {each["change"] for each in data["changes"]} == {"added", "removed", "changed"}


def test_a_version_may_be_a_file_that_is_not_in_the_folder(cli: Cli, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(later(SHORTER), encoding="utf-8")
    data = data_of(cli, str(draft), *BOTH)
    assert (data["before"]["version"], data["after"]["version"]) == (OLD, NEW)
    assert [each["address"] for each in data["changes"]] == ["parameters.order_period"]
    other = later(SHORTER).replace(f"programme: {NAME}", "programme: other")
    draft.write_text(other, encoding="utf-8")
    found = cli("diff", NAME, OLD, str(draft), *BOTH)
    assert (found.status, found.out) == (1, "")
    assert "the file is a version of `other`, and not of `example-referral`" in found.err
    found = cli("diff", NAME, OLD, str(tmp_path / "nowhere.yaml"), *BOTH)
    assert (found.status, found.out) == (1, "")
    assert "there is no such file or folder" in found.err


@pytest.mark.parametrize("named", [("2024-07-10",), ("2024-01-01", "2024-07-10")])
def test_an_unknown_version_is_a_mistake_of_the_command_line(
    cli: Cli, named: tuple[str, ...]
) -> None:
    found = cli("diff", NAME, *named, *BOTH)
    assert (found.status, found.out) == (2, "")
    assert "did you mean `2024-07-01`?" in found.err


def test_a_programme_of_one_version_has_nothing_to_be_compared_with(
    cli: Cli, policies: Path
) -> None:
    (policies / NAME / "2024-01-01.yaml").unlink()
    found = cli("diff", NAME)
    assert (found.status, found.out) == (2, "")
    assert "has one version only" in found.err


# ------------------------------------------------------------------------------- meaning


def test_a_new_layout_is_no_difference_in_meaning(cli: Cli, policies: Path) -> None:
    with_later(policies, lambda text: text.replace("\nfacts:", "\n# what is asked for\n\nfacts:"))
    found = cli("diff", NAME)
    assert (found.status, found.err) == (0, "")
    assert "No difference in meaning" in found.out
    assert "Asked: 3, answered otherwise: 0" in found.out


def test_a_difference_ends_with_status_1_unless_that_is_not_wanted(
    cli: Cli, policies: Path
) -> None:
    with_later(policies, SHORTER)
    assert cli("diff", NAME).status == 1
    assert cli("diff", NAME, "--exit-zero").status == 0


def test_a_formula_is_said_in_words_and_as_it_is_written(cli: Cli, policies: Path) -> None:
    with_later(policies, SHORTER)
    found = cli("diff", NAME)
    assert "computed as: [-120-]{+90+} days" in found.out
    assert 'as a formula: duration("[-P120D-]{+P90D+}")' in found.out


def test_what_is_only_written_differently_is_said_to_be_the_same(cli: Cli, policies: Path) -> None:
    edit = replacing(("that: paid_on <= first_year_ends_on", "that: first_year_ends_on >= paid_on"))
    with_later(policies, edit)
    found = cli("diff", NAME)
    assert found.status == 0
    assert "Written differently, the same in meaning" in found.out
    assert "decisions.fee_payable.requires.paid_in_first_year.that" in found.out


@pytest.mark.parametrize("language", ["sv", "de", "en"])
def test_it_is_said_in_the_language_of_the_reader(cli: Cli, language: str, policies: Path) -> None:
    with_later(policies, SHORTER)
    found = cli("diff", NAME, "--lang", language)
    label = {
        "sv": "tid för beställningen",
        "de": "Zeit für die Bestellung",
        "en": "time for the order",
    }
    first_day = {"sv": "1 januari 2026", "de": "1. Januar 2026", "en": "1 January 2026"}
    assert label[language] in found.out
    assert first_day[language] in found.out


# ------------------------------------------------------------------------------- golden cases


def test_golden_cases_that_come_out_otherwise_are_listed_with_both_answers(
    cli: Cli, policies: Path
) -> None:
    with_later(policies, SHORTER)
    found = cli("diff", NAME)
    assert "Asked: 3, answered otherwise: 2" in found.out
    cases = data_of(cli)["cases"]
    assert (cases["read"], cases["changed"], cases["refused_by_both"]) == (3, 2, 1)
    assert cases["decisions"]["fee_payable"] == 1
    by_id = {each["id"]: each for each in cases["rows"]}
    changes = {each["decision"]: each for each in by_id["after-a-hundred-days"]["changes"]}
    payable = changes["fee_payable"]
    assert payable["before"]["verdict"] == "YES"
    assert payable["after"]["verdict"] == "NO"
    assert payable["after"]["rules"] == ["ordered_in_time"]
    assert changes["order_window_ends_on"]["aspects"] == ["value"]
    assert changes["order_window_ends_on"]["before"]["value"] == "2024-11-29"
    assert changes["order_window_ends_on"]["after"]["value"] == "2024-10-30"


def test_a_fact_that_only_one_version_knows_is_left_out_for_the_other(
    cli: Cli, policies: Path
) -> None:
    fact = (
        "  costs_claimed:\n",
        "  rush:\n    type: boolean\n    presume: false\n"
        "    label: {en: in a hurry, sv: brådskande, de: eilig}\n  costs_claimed:\n",
    )
    rule = (
        "    excluded_if:\n      - id: not_admitted",
        '    excluded_if:\n      - id: rushed\n        clause: ["2.3"]\n        when: rush\n'
        "        because: {en: In a hurry., sv: Brådskande., de: Eilig.}\n      - id: not_admitted",
    )
    cases = CASES + "  - id: in-a-hurry\n    facts: {rush: true}\n    expect: {fee_payable: NO}\n"
    with_later(policies, replacing(fact, rule), cases)
    found = data_of(cli)["cases"]
    assert found["left_out_before"] == ["rush"]
    assert [each["id"] for each in found["rows"]] == ["in-a-hurry"]
    assert found["refused_before"] == 0
    assert f"Left out for version {OLD}, which does not know them: `rush`" in cli("diff", NAME).out


def test_cases_whose_facts_one_version_refuses_are_told(cli: Cli, policies: Path) -> None:
    edit = replacing(("that: ordered_on <= delivered_on", "that: ordered_on < delivered_on"))
    cases = CASES + "  - id: at-once\n    facts: {delivered_on: 2024-09-02}\n"
    cases += "    expect: {fee_payable: YES}\n"
    with_later(policies, edit, cases)
    found = data_of(cli)["cases"]
    assert (found["refused_before"], found["refused_after"], found["refused_by_both"]) == (0, 1, 1)
    (row,) = found["rows"]
    assert row["refused_after"][0]["code"] == "input.inconsistent"
    text = cli("diff", NAME).out
    assert f"Refused by version {NEW} alone: 1" in text
    assert "the facts are refused: The delivery lies before the order." in text


def test_a_file_of_cases_that_cannot_be_used_is_told(cli: Cli, policies: Path) -> None:
    with_later(policies, same, CASES + "  - id: in-time\n    expect: {fee_payable: NO}\n")
    found = cli("diff", NAME)
    assert (found.status, found.out) == (1, "")
    assert "cases.duplicate-id" in found.err


# ------------------------------------------------------------------------------- past transactions

MORE = replacing(
    ('then: ["0.10"]}', 'then: ["0.11"]}'), ("0.12, 0.10, 0.05, 0", "0.12, 0.11, 0.05, 0")
)


def lines(*transactions: Mapping[str, object]) -> bytes:
    return "".join(json.dumps(each) + "\n" for each in transactions).encode()


def test_past_transactions_are_counted_and_the_money_is_added_up(cli: Cli, policies: Path) -> None:
    with_later(policies, MORE)
    amounts = [10000, "0.01", 33333.33, 5]
    past = [
        {"id": f"T{number}", "asked_on": "2025-01-31", "facts": {**FACTS, "order_amount": each}}
        for number, each in enumerate(amounts)
    ]
    other = {"facts": {**FACTS, "product": "training"}}
    given = lines(*past, other).replace(b"33333.33", b"33333.330")
    data = data_of(cli, "--facts", "-", "--asked-on", "2025-01-31", given=given)["transactions"]
    assert (data["read"], data["changed"], data["unreadable"]) == (5, 3, 0)
    assert data["decisions"]["fee_amount"] == 3
    # 100.00 + 0.00 + (3666.67 - 3333.33) + 0.05, of amounts rounded to two decimals each
    assert data["money"]["fee_amount"]["total"] == 433.39
    assert data["money"]["fee_amount"]["changed"] == 3
    assert [each["id"] for each in data["rows"]] == ["T0", "T2", "T3"]
    assert [each["line"] for each in data["rows"]] == [1, 3, 4]
    for language, amount in {
        "en": "+SEK\xa0433.39",
        "sv": "+433,39\xa0kr",
        "de": "+433,39\xa0SEK",
    }.items():
        found = cli(
            *("diff", NAME, "--facts", "-", "--asked-on", "2025-01-31", "--lang", language),
            given=given,
        )
        assert amount in found.out


def test_amounts_that_appear_or_vanish_are_counted_apart(cli: Cli, policies: Path) -> None:
    edit = replacing(
        (
            'covers: product != "other"\n    value: round',
            'covers: product != "training"\n    value: round',
        )
    )
    with_later(policies, edit)
    given = lines({**FACTS, "product": "training"}, {**FACTS, "product": "other"}, FACTS)
    asked = ("--facts", "-", "--asked-on", "2025-01-31")
    money = data_of(cli, *asked, given=given)["transactions"]["money"]["fee_amount"]
    assert money == {
        "total": 0,
        "changed": 0,
        "appeared": 1,
        "appeared_total": 0,
        "vanished": 1,
        "vanished_total": 2500,
    }


def test_a_line_that_cannot_be_read_is_told_and_the_rest_is_not_lost(
    cli: Cli, policies: Path
) -> None:
    with_later(policies, MORE)
    dated = {"asked_on": "2025-01-31", "facts": FACTS}
    given = b"".join(
        [
            b"\xef\xbb\xbf" + lines(dated),
            b"{torn\n",
            b"[]\n",
            b"\n",
            b'{"product": "\xff"}\n',
            lines({"facts": FACTS}),
            lines({"facts": FACTS, "asked_on": "31.01.2025"}),
            lines({"facts": FACTS, "asked_on": True}),
            b'{"a": "' + b"x" * 300_000 + b'"}\n',
            lines(dated).rstrip(b"\n"),
        ]
    )
    Path("past.jsonl").write_bytes(given)
    found = cli("diff", NAME, "--facts", "past.jsonl", "--format", "json")
    data = json.loads(found.out)["transactions"]
    assert (data["read"], data["changed"], data["unreadable"]) == (2, 2, 7)
    assert [each["line"] for each in data["unreadable_lines"]] == [2, 3, 5, 6, 7, 8, 9]
    told = [each for each in found.err.splitlines() if "error:" in each]
    assert [each.split(":")[:2] for each in told] == [
        ["past.jsonl", str(line)] for line in (2, 3, 5, 6, 7, 8, 9)
    ]
    assert "give `asked_on` beside the facts, or `--asked-on` for all lines" in found.err
    assert "write `2025-01-31`" in found.err
    assert "the line is longer than 262144 bytes" in found.err


def test_only_the_first_are_listed_and_all_are_counted(cli: Cli, policies: Path) -> None:
    with_later(policies, MORE)
    given = lines(*[FACTS] * 7)
    asked = ("--facts", "-", "--asked-on", "2025-01-31", "--limit", "3")
    data = data_of(cli, *asked, given=given)["transactions"]
    assert (data["changed"], len(data["rows"])) == (7, 3)
    assert "Which (the first 3 of 7):" in cli("diff", NAME, *asked, given=given).out


UNUSABLE = {
    "nowhere": (("--facts", "nowhere.jsonl"), "there is no such file or folder"),
    "folder": (("--facts", "policies"), "this is a folder, where a file is wanted"),
    "no-name": (("--facts", "a\0b"), "no file can be named so"),
    "day": (("--asked-on", "31.01.2025"), "`--asked-on`: `31.01.2025` is not written the way"),
    "limit": (("--limit", "many"), "--limit"),
}


@pytest.mark.parametrize("what", UNUSABLE)
def test_what_cannot_be_used_is_a_mistake_of_the_command_line(
    cli: Cli, policies: Path, what: str
) -> None:
    with_later(policies, same)
    options, complaint = UNUSABLE[what]
    found = cli("diff", NAME, *options)
    assert (found.status, found.out) == (2, "")
    assert complaint in found.err
    assert "Traceback" not in found.err


# ------------------------------------------------------------------------------- the page


def page_of(cli: Cli, *arguments: str, given: bytes = b"") -> Any:
    found = cli("diff", NAME, "--html", "redline.html", *arguments, given=given)
    assert "Traceback" not in found.err
    return parser.fromstring(Path("redline.html").read_bytes())


@pytest.mark.parametrize("language", ["sv", "de", "en"])
def test_the_page_stands_alone_and_can_be_read_by_everybody(
    cli: Cli, policies: Path, language: str
) -> None:
    with_later(policies, SHORTER)
    given = lines({"id": "T1", "asked_on": "2025-01-31", "facts": FACTS})
    root = page_of(cli, "--lang", language, "--facts", "-", given=given)
    assert root.get("lang") == language
    assert root.xpath("name((//h1|//h2|//h3)[1])") == "h1"
    assert not root.xpath("//script|//img|//link|//iframe|//object|//@onclick|//@src")
    assert not root.xpath("//*[@href and not(starts-with(@href, '#'))]")
    assert root.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)").startswith(
        "default-src 'none'; style-src 'sha256-"
    )
    assert all(root.xpath("//th/@scope"))
    assert len(root.xpath("//th[not(@scope)]")) == 0
    assert len(root.xpath("//table")) == len(root.xpath("//table/caption"))
    assert root.xpath("//ins//text()")
    assert root.xpath("//del//text()")
    assert root.xpath("//title/text()")
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(root.xpath("//@aria-labelledby")) <= set(ids)


def test_the_hash_in_the_page_is_that_of_its_style(cli: Cli, policies: Path) -> None:
    from base64 import b64encode
    from hashlib import sha256

    with_later(policies, SHORTER)
    page_of(cli)
    text = Path("redline.html").read_text(encoding="utf-8")
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in text or f"style-src 'sha256-{digest}'" in text


HOSTILE = "</script><img src=x onerror=alert(1)>=1+1 {{ 7 * 7 }} &amp; [-x-] \x1b[31m \u202e"


def test_nothing_from_a_file_becomes_markup_or_moves_the_terminal(cli: Cli, policies: Path) -> None:
    said = (
        HOSTILE.replace("\x1b", "")
        .replace("\u202e", "")
        .replace("{{", "{{{{")
        .replace("}}", "}}}}")
    )
    edit = replacing(
        ("en: The customer paid after the first year.", f"en: '{said}'"),
        ('value: duration("P120D")', 'value: duration("P90D")'),
    )
    with_later(policies, edit)
    given = lines({"id": HOSTILE, "asked_on": "2025-01-31", "facts": FACTS}, {"<b>": HOSTILE})
    given += b'{"id": "\\u001b[2J", "asked_on": "2025-01-31", "facts": {"product": "<i>"}}\n'
    root = page_of(cli, "--facts", "-", "--asked-on", "2025-01-31", given=given)
    text = Path("redline.html").read_text(encoding="utf-8")
    assert not root.xpath("//script|//img|//b|//i")
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "{{ 7 * 7 }}" in root.text_content()
    assert "\\u001b[31m" in root.text_content()
    found = cli("diff", NAME, "--facts", "-", "--asked-on", "2025-01-31", given=given)
    assert "\x1b" not in found.out + found.err
    assert "\u202e" not in found.out + found.err


def test_without_the_library_the_page_is_refused_before_anything_is_asked(
    cli: Cli, policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_later(policies, SHORTER)
    monkeypatch.setattr(page, "find_spec", lambda _name: None)
    found = cli("diff", NAME, "--html", "redline.html")
    assert (found.status, found.out) == (1, "")
    assert "[registry.not-installed]" in found.err
    assert "install `policyeval[pages]`" in found.err
    assert not Path("redline.html").exists()


def test_a_page_that_cannot_be_written_is_told(cli: Cli, policies: Path) -> None:
    with_later(policies, SHORTER)
    found = cli("diff", NAME, "--html", "nowhere/redline.html")
    assert found.status == 1
    assert "nowhere/redline.html" in found.err
    assert "Traceback" not in found.err


def test_the_same_versions_give_the_same_bytes(cli: Cli, policies: Path) -> None:
    with_later(policies, SHORTER)
    page_of(cli)
    first = Path("redline.html").read_bytes()
    page_of(cli)
    assert Path("redline.html").read_bytes() == first
    assert diff.LIMIT > 0
    shutil.rmtree(policies)
