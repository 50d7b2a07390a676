"""`policyeval restate`: what it says in words, as data and as rows, and what it ends with."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from policyeval import cli as commands
from policyeval.cli.restated_data import COLUMNS, text_cell
from policyeval.records.keeping import Kept
from tests.analysis.made_fees import CORRECTED, NAME, NEW, OLD, Log, write
from tests.cli.conftest import Cli, Output

Restate = Callable[..., Output]
TIED = ("--owed", "fee_amount=fee_payable")


@pytest.fixture(autouse=True)
def _commands(monkeypatch: pytest.MonkeyPatch) -> None:
    both = (*commands.COMMANDS, "replay", "restate")
    monkeypatch.setattr(commands, "COMMANDS", tuple(dict.fromkeys(both)))


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    monkeypatch.chdir(tmp_path)
    return Log(Path("decisions.jsonl"), write(Path("policies"), OLD))


@pytest.fixture
def restate(cli: Cli) -> Restate:
    return lambda *arguments: cli(
        "restate", "decisions.jsonl", "--known-on", "2026-01-01", *arguments
    )


@pytest.fixture
def many(log: Log) -> Log:
    """Give a log of which something is otherwise in every way there is."""
    log.add("INV-1").add("INV-2", paid_on="2024-04-15").add("INV-3", is_law_firm=True)
    log.add("INV-4", paid_on="2024-04-30").add(paid_on=None, asked_on=date(2024, 4, 2))
    log.add("INV-6", amount={"unknown": True})
    log.keep = Kept(facts={"amount": "drop"})
    log.add("INV-7")
    write(log.policies, OLD, NEW, replace(CORRECTED, open_reading=True))
    return log


def data(output: Output) -> Mapping[str, Any]:
    return json.loads(output.out, parse_float=Decimal)  # type: ignore[no-any-return]


def rows(output: Output) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(output.out)))


@pytest.mark.parametrize("tied", [(), TIED], ids=["by-itself", "owed"])
def test_what_changes_is_told_with_its_clauses_and_in_money(
    many: Log, restate: Restate, golden: Callable[[str, str], None], tied: tuple[str, ...]
) -> None:
    output = restate(*tied)
    assert output.status == 1
    golden(f"cli/restate-{'owed' if tied else 'by-itself'}.en.txt", output.out)


def test_the_same_as_data_is_exact(many: Log, restate: Restate) -> None:
    found = data(restate(*TIED, "--format", "json"))
    assert found["summary"]["programmes"] == [
        {
            "programme": NAME,
            "currency": "SEK",
            "total": Decimal("150.075"),
            "amounts": 2,
            "not_certain": 2,
        }
    ]
    second = found["records"][1]
    assert (second["id"], second["money"][0]["difference"]) == ("INV-2", Decimal("125.0625"))
    assert second["money"][0]["clauses"] == ["4.2", "4.10"]
    uncertain = [m for each in found["records"] for m in each["money"] if m["difference"] is None]
    assert [(each["uncertain_before"], each["uncertain_after"]) for each in uncertain] == [
        (None, "OPEN"),
        (None, "PENDING"),
    ]


def test_as_rows_each_amount_stands_on_a_line_and_the_rest_is_told(
    many: Log, restate: Restate
) -> None:
    output = restate(*TIED, "--format", "csv")
    found = rows(output)
    assert list(found[0]) == list(COLUMNS)
    assert [(each["id"], each["difference"]) for each in found] == [
        ("INV-1", "25.0125"),
        ("INV-2", "125.0625"),
        ("INV-4", ""),
        ("", ""),
    ]
    assert "INV-7" in output.err
    assert "Records: 7;" in output.err


@pytest.mark.parametrize(
    ("id_", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("\n=1", "' =1"),
        ("\r=1", "'\\u000d=1"),
        ("INV-17", "INV-17"),
        ('a"b,c', 'a"b,c'),
        ("\x1b[31m", "\\u001b[31m"),
    ],
)
def test_no_text_is_a_formula_for_a_spreadsheet(
    log: Log, restate: Restate, id_: str, cell: str
) -> None:
    log.add(id_)
    write(log.policies, OLD, CORRECTED)
    (row,) = rows(restate("--format", "csv"))
    assert (row["id"], text_cell(id_)) == (cell, cell)
    assert row["difference"] == "25.0125"


def test_no_id_begins_a_line_of_the_report(log: Log, restate: Restate) -> None:
    log.add("A\n+SEK 1")
    write(log.policies, OLD, CORRECTED)
    found = restate(*TIED).out
    assert r"Record 1, id `A\u000a+SEK 1`, asked on" in found
    assert r"id `A\u000a+SEK 1`  4.2" in found


def test_a_version_that_is_not_known_yet_is_told(log: Log, cli: Cli) -> None:
    log.add("A")
    found = cli("restate", "decisions.jsonl", "--known-on", "2020-01-01").out
    assert "no version in force)" in found
    assert "version none" not in found


def test_what_is_in_no_sum_is_said_where_no_amount_changes(log: Log, restate: Restate) -> None:
    log.add("A", paid_on=None)
    write(log.policies, OLD, replace(CORRECTED, rate=OLD.rate))
    note = "An amount counts by itself, whether or not it is owed; `--owed` ties it to a question"
    found = restate().out
    assert "Money:" not in found
    assert found.endswith(f"{note}\n")
    assert note not in restate(*TIED).out


def test_a_smaller_amount_is_a_number_with_its_sign(log: Log, restate: Restate) -> None:
    log.add()
    write(log.policies, OLD, replace(CORRECTED, rate="0.05"))
    (row,) = rows(restate("--format", "csv"))
    assert row["difference"] == "-50.025"
    assert "-SEK\xa050.025  `fee_amount`" in restate().out


@pytest.mark.parametrize(
    ("language", "said", "total"),
    [("sv", "+25,0125\xa0kr", "totalt"), ("de", "+25,0125\xa0SEK", "Gesamt")],
)
def test_amounts_and_their_total_are_written_as_the_reader_writes_them(
    log: Log, cli: Cli, language: str, said: str, total: str
) -> None:
    log.add()
    write(log.policies, OLD, CORRECTED)
    arguments = ("restate", "decisions.jsonl", "--known-on", "2026-01-01", "--lang", language)
    found = cli(*arguments).out
    assert said in found
    assert f"{NAME}  {total}\n" in found


def test_a_log_of_which_nothing_changes_ends_well(log: Log, cli: Cli) -> None:
    log.add("A")
    write(log.policies, OLD, CORRECTED)
    output = cli("restate", "decisions.jsonl", "--known-on", "2025-05-31")
    assert output.status == 0
    assert output.out.startswith("Records: 1; answered otherwise: 0;")


def test_changes_may_be_expected(many: Log, restate: Restate) -> None:
    assert restate("--exit-zero").status == 0


def test_one_question_may_be_looked_at(many: Log, restate: Restate) -> None:
    found = data(restate("--decision", "last_day_to_pay", "--format", "json"))
    decisions = {each["decision"] for one in found["records"] for each in one["changes"]}
    assert decisions == {"last_day_to_pay"}
    assert found["summary"]["money"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--asked-on", "2024-02-30"), "`--asked-on`"),
        (("--known-on", "yesterday"), "`--known-on`"),
        (("--owed", "fee_amount"), "`--owed`"),
        (("--owed", "=fee_payable"), "`--owed`"),
        ((*TIED, "--owed", "fee_amount=other"), "`--owed`"),
        (("--owed", "fee_amount=fee_paiable"), "did you mean `fee_payable`?"),
        (("--decision", "fee"), "no record of the log answers `fee`"),
        (("--facts", "nothing.jsonl"), "nothing.jsonl"),
    ],
)
def test_a_wrong_use_is_told(
    log: Log, restate: Restate, arguments: tuple[str, ...], said: str
) -> None:
    log.add()
    output = restate(*arguments)
    assert output.status == 2
    assert said in output.err


def test_a_day_is_needed(log: Log, cli: Cli) -> None:
    assert cli("restate", "decisions.jsonl").status == 2


def test_a_broken_chain_is_told_and_nothing_is_restated(log: Log, restate: Restate) -> None:
    log.add("A").add("B")
    log.path.write_bytes(log.path.read_bytes().replace(b'"id":"A"', b'"id":"X"'))
    output = restate()
    assert (output.status, output.out) == (1, "")
    assert "the log is not as it was written: nothing is restated" in output.err


def test_a_version_that_cannot_be_used_stops_it_with_its_line(log: Log, restate: Restate) -> None:
    log.add("A")
    write(log.policies, OLD, replace(CORRECTED, fee="amount * rat"))
    output = restate()
    assert output.status == 1
    assert "did you mean `rate`?" in output.err
