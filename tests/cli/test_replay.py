"""`policyeval replay`: what it says of a log, and what it ends with."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from policyeval import cli as commands
from policyeval.records.keeping import Kept
from tests.analysis.made_fees import CORRECTED, FACTS, NAME, NEW, OLD, Log, policies_in, write
from tests.cli.conftest import Cli, Output

SALT = b"0123456789abcdef"

Replay = Callable[..., Output]


@pytest.fixture(autouse=True)
def _commands(monkeypatch: pytest.MonkeyPatch) -> None:
    both = (*commands.COMMANDS, "replay", "restate")
    monkeypatch.setattr(commands, "COMMANDS", tuple(dict.fromkeys(both)))


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    monkeypatch.chdir(tmp_path)
    return Log(Path("decisions.jsonl"), write(Path("policies"), OLD))


@pytest.fixture
def replay(cli: Cli) -> Replay:
    return lambda *arguments: cli("replay", "decisions.jsonl", *arguments)


def data(output: Output) -> Mapping[str, Any]:
    return json.loads(output.out, parse_float=Decimal)  # type: ignore[no-any-return]


def tampered(log: Log, old: bytes, new: bytes, id: str | None = None) -> None:  # noqa: A002  # as in a record
    evaluation = policies_in(log.policies).evaluate(NAME, FACTS, asked_on=date(2024, 8, 1))
    record = evaluation.to_record()
    assert old in record
    log.write(record.replace(old, new), FACTS, id)


def test_a_log_whose_answers_are_all_the_same_ends_well(log: Log, replay: Replay) -> None:
    log.add("A").add("B", paid_on=None)
    write(log.policies, OLD, NEW, CORRECTED)
    assert replay() == Output(
        0, "Records: 2; the same: 2; answered otherwise: 0; not replayed: 0\n", ""
    )


def test_what_is_wrong_with_each_record_is_said_in_order(
    log: Log, replay: Replay, golden: Callable[[str, str], None]
) -> None:
    log.add("A")
    tampered(log, b'"value":100.05', b'"value":100.06', "B")
    log.keep = Kept(facts={"amount": "drop"})
    log.add()
    log.keep = Kept()
    write(log.policies, OLD, NEW)
    log.add("D", ordered_on="2025-02-03", paid_on=None)
    tampered(log, b'"engine":"policyeval', b'"engine":"other', "E")
    write(log.policies, OLD, replace(NEW, rate="0.13"))
    output = replay()
    assert output.status == 1
    golden("cli/replay.en.txt", output.out)


def test_no_id_begins_a_line_of_the_report(log: Log, replay: Replay) -> None:
    tampered(log, b'"value":100.05', b'"value":100.06', "A`\nRecords: 1; the same: 1")
    first, *_, last = replay().out.splitlines()
    assert first == r"Record 1, id `A`\u000aRecords: 1; the same: 1`: answered otherwise"
    assert last.startswith("Records: 1; the same: 0; answered otherwise: 1;")


def test_the_same_as_json_has_everything_as_data(log: Log, replay: Replay) -> None:
    log.add("A")
    tampered(log, b'"value":100.05', b'"value":100.06', "B\u2028\x9b")
    output = replay("--format", "json")
    found = data(output)
    assert output.status == 1
    assert found["summary"] == {
        "records": 2, "same": 1, "differs": 1, "not_replayed": 0, "other_engine": 0,
    }  # fmt: skip
    (one,) = found["records"]
    assert one["id"] == "B\u2028\x9b"
    assert one["changes"] == [
        {
            "decision": "fee_amount",
            "field": "value",
            "before": Decimal("100.06"),
            "after": Decimal("100.05"),
        }
    ]
    assert not {"\u2028", "\x9b"} & {*output.out}


def test_an_empty_log_is_a_json_object_all_the_same(log: Log, replay: Replay) -> None:
    log.add()
    assert data(replay("--format", "json"))["records"] == []


def test_records_that_cannot_be_replayed_may_be_passed_over(log: Log, replay: Replay) -> None:
    log.keep = Kept(facts={"amount": "drop"})
    log.add()
    assert replay().status == 1
    passed = replay("--skip-unreplayable")
    assert passed.status == 0
    assert "not replayed: 1" in passed.out


def test_a_broken_chain_is_told_and_nothing_is_replayed(log: Log, replay: Replay) -> None:
    log.add("A").add("B").add("C")
    raw = log.path.read_bytes()
    log.path.write_bytes(raw.replace(b'"id":"A"', b'"id":"X"').replace(b'"id":"C"', b'"id":"Y"'))
    output = replay()
    assert (output.status, output.out) == (1, "")
    assert output.err.count("[log.damaged]") == 2
    assert "decisions.jsonl:2:" in output.err
    assert "decisions.jsonl:4:" in output.err
    assert "the log is not as it was written: nothing is replayed" in output.err


def test_a_last_line_that_does_not_end_is_told_and_is_no_record(log: Log, replay: Replay) -> None:
    log.add("A").add("B")
    log.path.write_bytes(log.path.read_bytes()[:-20])
    output = replay()
    assert "[log.damaged]" in output.err
    assert output.status == 0
    assert output.out.startswith("Records: 1; the same: 1;")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--facts", "nothing.jsonl"), "nothing.jsonl"),
        (("--salt", "nothing.bin"), "nothing.bin"),
        (("--facts", "policies"), "this is a folder"),
    ],
    ids=["no-facts", "no-salt", "folder"],
)
def test_a_file_that_cannot_be_read_is_a_wrong_use(
    log: Log, replay: Replay, arguments: tuple[str, ...], said: str
) -> None:
    log.add()
    output = replay(*arguments)
    assert (output.status, output.out) == (2, "")
    assert said in output.err


def test_a_log_or_a_folder_that_is_not_there_is_told(log: Log, cli: Cli) -> None:
    log.add()
    assert "nothing.jsonl" in cli("replay", "nothing.jsonl").err
    assert cli("replay", "nothing.jsonl").status == 2
    assert cli("replay", "decisions.jsonl", "--policies", "nowhere").status == 2


def test_policies_may_be_the_folder_of_the_one_programme(log: Log, replay: Replay) -> None:
    log.add()
    assert replay("--policies", f"policies/{NAME}").status == 0


# ------------------------------------------------------------------------------- supplied facts


def test_withheld_facts_are_taken_from_a_file_in_any_order(log: Log, replay: Replay) -> None:
    log.keep = Kept(default="hash", facts={"paid_on": "drop"}, salt=SALT)
    log.add("A").add("B", amount=Decimal(7)).add("C", amount=Decimal(8))
    lines = [
        {"id": "C", "facts": {**FACTS, "amount": 8}},
        {"id": "B", "facts": {**FACTS, "amount": 9}},
        {"id": "A", "facts": FACTS},
    ]
    Path("facts.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    Path("salt").write_bytes(SALT + b"\n")
    output = replay("--facts", "facts.jsonl", "--salt", "salt", "--format", "json")
    found = data(output)
    standings = {each["id"]: each["standing"] for each in found["records"]}
    assert standings == {"A": "same", "B": "not-replayed", "C": "same"}
    kinds = [each["kind"] for each in found["records"][1]["obstacles"]]
    assert kinds == ["facts-wrong", "facts-withheld"]
    assert found["records"][0]["unchecked"] == ["paid_on"]
    without = data(replay("--facts", "facts.jsonl", "--format", "json"))
    assert without["summary"]["not_replayed"] == 3


def test_every_line_of_supplied_facts_that_cannot_be_used_is_told(log: Log, replay: Replay) -> None:
    log.add()
    Path("facts.jsonl").write_text(
        '{"id": "A", "facts": {}}\nno json\n{"facts": {}}\n{"id": "A", "facts": {}}\n', "utf-8"
    )
    output = replay("--facts", "facts.jsonl")
    assert output.status == 2
    assert [number for number in "1234" if f"line {number}" in output.err] == ["2", "3", "4"]
