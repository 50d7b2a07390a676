"""`policyeval decide`: the answer to one transaction."""

import argparse
import datetime as dt
import sys
from pathlib import Path

from policyeval.cli.words import FACTS_REFUSED, FINE, USAGE, add_policies, policies_folder
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
)

LARGEST = 256 * 1024
"""Bytes of facts that are read."""


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "programme",
        metavar=message("PROGRAMME").text(language),
        help=message("the programme's name").text(language),
    )
    parser.add_argument(
        "facts",
        metavar=message("FACTS.json").text(language),
        help=message("a file with the facts as a JSON object; `-` is standard input").text(
            language
        ),
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
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help=message("text for people, json for programs").text(language),
    )
    add_policies(parser, language)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from policyeval.errors import FactsError, NoApplicablePolicyError
    from policyeval.evaluator.policies import load_policies

    language: str = options.language
    try:
        asked_on = _day(options.asked_on, "--asked-on", language)
        known_on = _day(options.known_on, "--known-on", language)
    except ValueError:
        return USAGE
    raw = _read(options.facts, language)
    if raw is None:
        return FACTS_REFUSED
    policies = load_policies(policies_folder(options.policies))
    today = dt.date.today()  # noqa: DTZ011, TID251 - the one place that may: evaluation is told
    try:
        evaluation = policies.evaluate(
            options.programme,
            _named(raw, options.facts, language),
            asked_on=asked_on or today,
            known_on=known_on,
            overlays=options.overlay,
            decisions=options.decision,
        )
    except NoApplicablePolicyError as error:
        tell(error.render(language))
        return USAGE
    except FactsError as error:
        tell(error.render(language))
        return FACTS_REFUSED
    if not asked_on:
        note = message("asked on {day}, today, since no day was given", day=today.isoformat())
        tell(f"{message('note').text(language)}: {note.text(language)}")
    if options.format == "json":
        sys.stdout.write(evaluation.to_json() + "\n")
    else:
        sys.stdout.write(evaluation.explain(language) + "\n")
    sys.stdout.flush()
    return FINE


def _day(written: str | None, option: str, language: str) -> dt.date | None:
    """Read a day of the command line; None where none is given.

    Raises:
        ValueError: It is none; that has been said.
    """
    if written is None:
        return None
    try:
        if len(written) == len("2024-07-01"):
            return dt.date.fromisoformat(written)
    except ValueError:
        pass
    text = message("`{text}` after `{option}` is no day", text=written, option=option)
    complain(text, language, USAGE)
    tell(f"   {message('help').text(language)}: " + _HELP.text(language))
    raise ValueError(written)


_HELP = message("write a day as year, month and day: `2024-07-01`")


def _read(name: str, language: str) -> bytes | None:
    """Read the facts, or say why they cannot be read."""
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(LARGEST + 1) if sys.stdin is not None else b""
        else:
            with Path(name).open("rb") as file:
                raw = file.read(LARGEST + 1)
    except OSError:
        complain(message("the file `{file}` cannot be read", file=name), language, FACTS_REFUSED)
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
