"""`policyeval decide`: answers, and everything that can be wrong with the question."""

import json
from datetime import date
from pathlib import Path

import pytest

from policyeval.cli import decide
from policyeval.evaluator.policies import load_policies
from tests.cli.conftest import PROGRAMMES, Cli
from tests.cli.facts import as_json

ASKED_ON = ("--asked-on", "2025-01-31")
HERE = ("--policies", str(PROGRAMMES))
NAME = "example-referral"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("language", "question", "answer"),
    [
        ("en", "When is the fee due?", "14 November 2024"),
        ("sv", "När förfaller ersättningen?", "14 november 2024"),
        ("de", "Wann ist die Vergütung fällig?", "14. November 2024"),
        ("de-CH", "Wann ist die Vergütung fällig?", "14. November 2024"),
        ("sv_SE.UTF-8", "När förfaller ersättningen?", "14 november 2024"),
    ],
)
def test_an_answer_is_in_the_reader_s_language(
    cli: Cli, language: str, question: str, answer: str
) -> None:
    given = as_json()
    asked = ("decide", NAME, "-", *ASKED_ON, *HERE, "--decision", "fee_due_on")
    found = cli(*asked, "--lang", language, given=given)
    assert (found.status, found.err) == (0, "")
    assert question in found.out
    assert answer in found.out
    assert cli("--lang", language, *asked, given=given).out == found.out


def test_the_facts_are_read_from_a_file_as_from_standard_input(cli: Cli) -> None:
    Path("facts.json").write_bytes(b"\xef\xbb\xbf" + as_json())
    from_file = cli("decide", NAME, "facts.json", *ASKED_ON, *HERE)
    assert from_file.status == 0
    assert from_file == cli("decide", NAME, "-", *ASKED_ON, *HERE, given=as_json())


def test_json_goes_to_standard_output_alone_and_is_what_the_library_writes(cli: Cli) -> None:
    facts = as_json()
    found = cli(
        "decide", NAME, "-", *ASKED_ON, *HERE, "--format", "json", "--lang", "sv", given=facts
    )
    assert found.err == ""
    evaluation = load_policies(PROGRAMMES).evaluate(NAME, facts, asked_on=date(2025, 1, 31))
    assert found.out == evaluation.to_json("sv").rstrip("\n") + "\n"
    data = json.loads(found.out)
    assert data["language"] == "sv"
    assert data["answers"]["fee_payable"]["verdict"] == "YES"


def test_without_a_day_it_is_asked_today_and_said_so(cli: Cli) -> None:
    found = cli("decide", NAME, "-", *HERE, "--format", "json", given=as_json())
    data = json.loads(found.out)
    assert data["asked_on"] == date.today().isoformat()
    assert data["notes"] == [f"asked on {data['asked_on']}, today, since no day was given"]
    assert found.err == ""


def test_only_the_questions_that_are_named_are_answered(cli: Cli) -> None:
    wanted = ("--decision", "fee_due_on", "--decision", "fee_payable", "--format", "json")
    found = cli("decide", NAME, "-", *ASKED_ON, *HERE, *wanted, given=as_json())
    assert list(json.loads(found.out)["answers"]) == ["fee_payable", "fee_due_on"]


def test_an_overlay_is_switched_on_and_named_in_the_answer(cli: Cli) -> None:
    wanted = ("--decision", "fee_due_on", "--overlay", "working-day", "--format", "json")
    # 30 days after 17 October 2024 is a Saturday.
    found = cli("decide", NAME, "-", *ASKED_ON, *HERE, *wanted, given=as_json(paid_on="2024-10-17"))
    answer = json.loads(found.out)["answers"]["fee_due_on"]
    assert answer["value"] == "2024-11-18"
    assert answer["provenance"]["overlays"] == ["working-day"]


# ------------------------------------------------------------------------------- refusals

UNUSABLE = {
    "programme": ((), "example-referal", "did you mean `example-referral`?"),
    "no-programme": ((), "zzz", "there are `example-referral`"),
    "path-as-programme": ((), "../programmes/example-referral", "there are `example-referral`"),
    "decision": (("--decision", "fee_payabel"), NAME, "did you mean `fee_payable`?"),
    "decision-without-question": (("--decision", "bonus"), NAME, "there is no decision `bonus`"),
    "overlay": (("--overlay", "working-days"), NAME, "did you mean `working-day`?"),
}


@pytest.mark.parametrize("what", UNUSABLE)
def test_a_name_that_does_not_exist_is_a_mistake_of_the_command_line(cli: Cli, what: str) -> None:
    options, programme, help_ = UNUSABLE[what]
    found = cli("decide", programme, "-", *ASKED_ON, *HERE, *options, given=as_json())
    assert (found.status, found.out) == (2, "")
    assert "[registry.unknown]" in found.err
    assert help_ in found.err


@pytest.mark.parametrize(
    "day",
    [
        "2024-02-30",
        "",
        "2024-7-1",
        "20240701",
        "2024-W27-1",
        "01.07.2024",
        "tomorrow",
        "1066-10-14",
    ],
)
@pytest.mark.parametrize("option", ["--asked-on", "--known-on"])
def test_what_is_no_day_is_said_with_the_option_it_follows(cli: Cli, option: str, day: str) -> None:
    found = cli("decide", NAME, "-", f"{option}={day}", *HERE, given=as_json())
    assert (found.status, found.out) == (2, "")
    assert found.err.startswith(f"error: `{option}`: ")


REFUSED = {
    "nothing": (b"", "the text ends too early"),
    "torn": (b'{"product": ', "the text ends too early"),
    "no-object": (b"[]", "-"),
    "not-utf-8": (b'{"product": "\xff"}', "UTF-8"),
    "unknown": (as_json(amount=3), "unknown fact `amount`"),
    "twice": (b'{"product": "software", "product": "training"}', "input.duplicate-name"),
    "impossible": (as_json(ordered_on="2024-02-30"), "there is no 30 February 2024"),
    "contradiction": (as_json(delivered_on="2024-08-30"), "input.inconsistent"),
    "too-much": (b" " * (decide.LARGEST + 1), "longer than 262144 bytes"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_facts_that_cannot_be_used_are_refused(cli: Cli, what: str) -> None:
    given, complaint = REFUSED[what]
    found = cli("decide", NAME, "-", *ASKED_ON, *HERE, given=given)
    assert (found.status, found.out) == (3, "")
    assert complaint in found.err
    assert "Traceback" not in found.err


def test_a_file_of_facts_that_cannot_be_read_is_named(cli: Cli) -> None:
    Path("folder").mkdir()
    missing = cli("decide", NAME, "nowhere.json", *HERE)
    assert (missing.status, missing.out) == (3, "")
    assert missing.err == "error: `nowhere.json`: there is no such file or folder\n"
    folder = cli("decide", NAME, "folder", *HERE)
    assert (folder.status, folder.out) == (3, "")
    assert folder.err == "error: `folder`: this is a folder, where a file is wanted\n"


def test_the_words_of_a_contradiction_are_those_of_the_policy(cli: Cli) -> None:
    facts = as_json(delivered_on="2024-08-30")
    found = cli("decide", NAME, "-", *ASKED_ON, *HERE, "--lang", "de", given=facts)
    assert "Die Lieferung liegt vor der Bestellung." in found.err


def test_a_day_without_a_version_is_answered_and_only_the_library_refuses_it() -> None:
    policies = load_policies(PROGRAMMES)
    with pytest.raises(LookupError, match=r"registry\.no-version"):
        policies.program(NAME, on=date(1999, 1, 1))


# ------------------------------------------------------------------------------- folders


@pytest.mark.parametrize("kind", ["missing", "file", "empty"])
def test_a_folder_without_programmes_is_said(cli: Cli, kind: str) -> None:
    Path("file").write_text("x", encoding="utf-8")
    Path("empty").mkdir()
    found = cli("decide", NAME, "-", *ASKED_ON, "--policies", kind, given=as_json())
    assert found.status in {1, 2}
    assert f"{kind}:1:1: error: " in found.err
    assert found.out == ""


def test_what_is_wrong_with_another_programme_does_not_matter(cli: Cli, policies: Path) -> None:
    (policies / "broken").mkdir()
    (policies / "broken" / "programme.yaml").write_text("{", encoding="utf-8")
    assert cli("decide", NAME, "-", *ASKED_ON, given=as_json()).status == 0
    found = cli("decide", "broken", "-", *ASKED_ON, given=as_json())
    assert (found.status, found.out) == (1, "")
    assert "broken/programme.yaml:1:" in found.err


@pytest.mark.parametrize("named", ["option", "environment", "here", "programme"])
def test_the_folder_is_named_in_several_ways(
    cli: Cli, policies: Path, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    options: tuple[str, ...] = ()
    if named == "option":
        options = ("--policies", str(PROGRAMMES))
    elif named == "programme":
        options = ("--policies", str(policies / NAME))
    elif named == "environment":
        monkeypatch.setenv("POLICYEVAL_POLICIES", str(PROGRAMMES))
        (policies / NAME / "2024-01-01.yaml").unlink()
    assert cli("decide", NAME, "-", *ASKED_ON, *options, given=as_json()).status == 0
