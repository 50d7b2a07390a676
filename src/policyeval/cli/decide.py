"""`policyeval decide`: the answer to one transaction, or to every line of a file (`streaming`)."""

import argparse
import datetime as dt
import re
import sys
from dataclasses import replace
from pathlib import Path

from policyeval.cli import streaming
from policyeval.cli.words import (
    FACTS_REFUSED,
    FINE,
    USAGE,
    add_format,
    add_policies,
    add_programme,
)
from policyeval.console import complain, tell
from policyeval.messages import message
from policyeval.source import Source

SUMMARY = message("answer a programme's questions about one transaction, with reasons")
EXAMPLES = (
    (
        "policyeval decide ibas-ontrack-partner facts.json --asked-on 2024-07-01",
        message("every answer, in your language"),
    ),
    (
        "policyeval decide ibas-ontrack-partner facts.json --decision fee_due_on --lang sv",
        message("one answer, in Swedish"),
    ),
    (
        "cat facts.json | policyeval decide ibas-ontrack-partner - --format json",
        message("for a program to read"),
    ),
    (
        "policyeval decide ibas-ontrack-partner --input tx.jsonl --output decisions.jsonl",
        message("every line of a file, whatever is wrong with some"),
    ),
)

LARGEST = 256 * 1024
"""Bytes of facts that are read."""


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    add_programme(parser, language)
    parser.add_argument(
        "facts",
        nargs="?",
        metavar=message("FACTS.json").text(language),
        help=message(
            "a file with the facts as a JSON object; `-` is standard input; left out with `--input`"
        ).text(language),
    )
    day = message("DAY").text(language)
    parser.add_argument(
        "--asked-on",
        metavar=day,
        help=message("the day on which the question is asked; today if left out").text(language),
    )
    parser.add_argument(
        "--known-on",
        metavar=day,
        help=message("only versions that were known by then count").text(language),
    )
    parser.add_argument(
        "--decision",
        action="append",
        metavar=message("NAME").text(language),
        help=message("answer this question only; may be given several times").text(language),
    )
    parser.add_argument(
        "--overlay",
        action="append",
        default=[],
        metavar=message("NAME").text(language),
        help=message("switch on a statutory rule for computing periods").text(language),
    )
    add_format(parser, language)
    parser.set_defaults(format=None)  # so that it is known whether it was given
    add_policies(parser, language)
    streaming.describe(parser, language)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    language: str = options.language
    wrong = streaming.wrong_with(options)
    if wrong is not None:
        return complain(wrong, language, USAGE)
    days = _days(options)
    if days is None:
        return USAGE
    if options.input is not None:
        return streaming.run(options, *days)
    raw = _read(options.facts, language)
    if raw is None:
        return FACTS_REFUSED

    from policyeval.cli.chosen import policies_of
    from policyeval.cli.showing import show

    asked_on, known_on = days
    day = asked_on or dt.date.today()  # noqa: DTZ011, TID251 - the one place that may: evaluation is told
    evaluation = policies_of(options).evaluate(
        options.programme,
        _named(raw, options.facts, language),
        asked_on=day,
        known_on=known_on,
        overlays=options.overlay,
        decisions=options.decision,
    )
    if asked_on is None:
        note = message("asked on {day}, today, since no day was given", day=day.isoformat())
        evaluation = replace(evaluation, notes=(note, *evaluation.notes))
    if options.format == "json":
        show(evaluation.to_json(language).rstrip("\n"))
    else:
        show(evaluation.explain(language).rstrip("\n"), "explanation")
    return FINE


def _days(options: argparse.Namespace) -> tuple[dt.date | None, dt.date | None] | None:
    """Read the days of the command line; None where one is wrong, which has been said."""
    found: list[dt.date | None] = []
    for option, written in (("--asked-on", options.asked_on), ("--known-on", options.known_on)):
        day = None if written is None else _day(written)
        if written is not None and day is None:
            _complain_of_day(option, written, options.language)
            return None
        found.append(day)
    return found[0], found[1]


_WRITTEN = re.compile("(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")


def _day(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written) if _WRITTEN.fullmatch(written) else None
    except ValueError:
        return None


def _complain_of_day(option: str, written: str, language: str) -> None:
    from policyeval.policy.schema.formats import complaint

    found = complaint("date", written)
    assert found is not None, "or else it would be a day"
    text = message("`{option}`: {complaint}", option=option, complaint=found.text)
    complain(text, language, USAGE)
    if found.help is not None:
        tell(f"   {message('help').text(language)}: {found.help.text(language)}")


def _read(name: str, language: str) -> bytes | None:
    """Read the facts, or say why they cannot be read."""
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(LARGEST + 1) if sys.stdin is not None else b""
        else:
            with Path(name).open("rb") as file:
                raw = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        from policyeval.policy.files import reason

        why = reason(error)
        if isinstance(error, IsADirectoryError):
            why = message("this is a folder, where a file is wanted")
        text = message("`{file}`: {reason}", file=name, reason=why)
        complain(text, language, FACTS_REFUSED)
        return None
    if len(raw) > LARGEST:
        text = message("the facts are longer than {limit} bytes", limit=LARGEST)
        complain(text, language, FACTS_REFUSED)
        return None
    return raw


def _named(raw: bytes, name: str, language: str) -> Source | bytes:
    """Give the facts as a text with a name; what is not UTF-8 is for the decoder to refuse."""
    shown = message("standard input").text(language) if name == "-" else name
    try:
        return Source(raw.decode("utf-8-sig"), shown)
    except UnicodeDecodeError:
        return raw
