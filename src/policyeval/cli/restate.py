"""`policyeval restate`: what recorded transactions would be answered now, and what that is in money."""

import argparse
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING

from policyeval.cli.recorded import (
    JsonReport,
    Supplied,
    add_log,
    programmes_in,
    supplied,
    wrong_with_log,
)
from policyeval.cli.words import FINDINGS, FINE, USAGE
from policyeval.console import answer, complain, tell
from policyeval.messages import message

if TYPE_CHECKING:
    from datetime import date

    from policyeval.analysis.restating.running import Restated, Restating, Totals, Wish

SUMMARY = message("answer recorded transactions with what is known on a day, and show what changes")
EXAMPLES = (
    (
        "policyeval restate decisions.jsonl --known-on 2026-01-31",
        message("which answers would be others, and the difference in money"),
    ),
    (
        "policyeval restate decisions.jsonl --known-on 2026-01-31 --owed fee_amount=fee_payable",
        message("an amount counts only where the question `fee_payable` is answered yes"),
    ),
    (
        "policyeval restate decisions.jsonl --known-on 2026-01-31 --format csv > differences.csv",
        message("the amounts as rows for a spreadsheet"),
    ),
)


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    day, name = message("DAY").text(language), message("NAME").text(language)
    add_log(parser, language)
    parser.add_argument(
        "--known-on",
        metavar=day,
        required=True,
        help=message("versions known by the end of this day count").text(language),
    )
    parser.add_argument(
        "--asked-on",
        metavar=day,
        help=message("the day on which the questions are asked; as recorded if left out").text(
            language
        ),
    )
    parser.add_argument(
        "--decision",
        action="append",
        default=[],
        metavar=name,
        help=message("look at this question only; may be given several times").text(language),
    )
    parser.add_argument(
        "--owed",
        action="append",
        default=[],
        metavar=message("AMOUNT=QUESTION").text(language),
        help=message(
            "count the amount before `=` only where the question after it is answered yes; may be "
            "given several times"
        ).text(language),
    )
    parser.add_argument(
        "--exit-zero",
        action="store_true",
        help=message("end with status 0 also where answers change").text(language),
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "csv"),
        default="text",
        help=message("text for people, json for programs, csv for spreadsheets").text(language),
    )


def run(options: argparse.Namespace) -> int:
    """Do it: status 0 where no answer changes, 1 where one does or where something cannot be told."""
    from policyeval.analysis.restating.running import Restating
    from policyeval.records.problems import LogError

    language: str = options.language
    wish = _wish(options)
    facts = None if wish is None else supplied(options)
    if wish is None or facts is None:
        return USAGE
    with closing(facts):
        restating = Restating(programmes_in(options), wish)
        wrong = wrong_with_log(options, message("nothing is restated"))
        if wrong is not None:
            return wrong
        try:
            totals = _restated(options, facts, restating)
        except LogError as error:  # it has been changed since it was checked
            tell(error.render(language))
            return FINDINGS
    wished = (*wish.decisions, *wish.owed, *wish.owed.values())
    missing = [each for each in dict.fromkeys(wished) if each not in restating.met]
    for each in missing:
        complain(message("no record of the log answers `{decision}`", decision=each), language, 0)
    if missing:
        return USAGE
    found = totals.changed or totals.sums.totals or totals.not_asked or totals.in_part
    return FINDINGS if found and not options.exit_zero else FINE


def _wish(options: argparse.Namespace) -> "Wish | None":
    """Read what is wished; None where something is wrong, which has been said."""
    from policyeval.analysis.restating.running import Wish

    language: str = options.language
    known_on = _day("--known-on", options.known_on, language)
    asked_on = None
    if options.asked_on is not None:
        asked_on = _day("--asked-on", options.asked_on, language)
    owed: dict[str, str] = {}
    fine = known_on is not None and (asked_on is not None or options.asked_on is None)
    for each in options.owed:
        amount, equals, question = each.partition("=")
        if not (amount and equals and question) or owed.get(amount, question) != question:
            text = message(
                "`{option}`: one amount and one question are wanted, as in `{example}`; not `{given}`",
                option="--owed",
                example="fee_amount=fee_payable",
                given=each,
            )
            complain(text, language, USAGE)
            fine = False
        owed[amount] = question
    if not fine or known_on is None:
        return None
    return Wish(known_on, asked_on, tuple(dict.fromkeys(options.decision)), owed)


def _day(option: str, written: str, language: str) -> "date | None":
    """Read a day of the command line; None where it is none, which has been said."""
    from policyeval.policy.schema.formats import complaint, day

    wrong = complaint("date", written)
    if wrong is None:
        return day(written)
    complain(
        message("`{option}`: {complaint}", option=option, complaint=wrong.text), language, USAGE
    )
    return None


def _restated(options: argparse.Namespace, facts: Supplied, restating: "Restating") -> "Totals":
    """Restate record by record, and say what came of it."""
    from policyeval.analysis.restating.running import Totals
    from policyeval.records.reading import read_log

    report = _report(options, restating)
    totals = Totals()
    report.begin()
    for record in read_log(options.log):
        restated = restating.restate(record, facts.of(record))
        totals.add(restated)
        if restated.changes or restated.money or restated.obstacles:
            report.add(restated)
    report.end(totals)
    return totals


def _report(options: argparse.Namespace, restating: "Restating") -> "_Text | _Json | _Csv":
    match options.format:
        case "json":
            return _Json(options, restating)
        case "csv":
            return _Csv(options, restating)
        case _:
            return _Text(options, restating)


class _Text:
    """Writes for people, record by record."""

    def __init__(self, options: argparse.Namespace, restating: "Restating") -> None:
        from policyeval.cli.restated import Wording

        self.wording = Wording(restating, options.language)

    def begin(self) -> None:
        """Say nothing: the records come first."""

    def add(self, restated: "Restated") -> None:
        """Write a record."""
        answer(self.wording.record(restated) + "\n")

    def end(self, totals: "Totals") -> None:
        """Write what came of all."""
        answer(self.wording.summary(totals))


class _Csv:
    """Writes amounts as rows; all else is told beside them."""

    def __init__(self, options: argparse.Namespace, restating: "Restating") -> None:
        from policyeval.cli.restated import Wording

        self.wording = Wording(restating, options.language)

    def begin(self) -> None:
        """Write the names of the columns."""
        from policyeval.cli.restated_data import csv_heads

        answer(csv_heads())

    def add(self, restated: "Restated") -> None:
        """Write the amounts of a record."""
        from policyeval.cli.restated_data import csv_rows

        for row in csv_rows(restated):
            answer(row)
        if restated.obstacles:
            tell(self.wording.record(restated))

    def end(self, totals: "Totals") -> None:
        """Tell what came of all."""
        tell(self.wording.counts(totals))


class _Json:
    """Writes for programs, record by record."""

    def __init__(self, options: argparse.Namespace, restating: "Restating") -> None:
        self.language: str = options.language
        self.log: str = options.log
        self.wish = restating.wish

    def begin(self) -> None:
        """Write what was asked."""
        asked_on = self.wish.asked_on
        self.report = JsonReport(
            {
                "format": Decimal(1),
                "log": self.log,
                "known_on": self.wish.known_on.isoformat(),
                "asked_on": None if asked_on is None else asked_on.isoformat(),
                "owed": dict(self.wish.owed),
            }
        )

    def add(self, restated: "Restated") -> None:
        """Write a record."""
        from policyeval.cli.restated_data import restated_data

        self.report.add(restated_data(restated, self.language))

    def end(self, totals: "Totals") -> None:
        """Write what came of all."""
        from policyeval.cli.restated_data import totals_data

        self.report.end(totals_data(totals))
