"""`policyeval diff`: what a version changes, in meaning and in answers."""

import argparse
import io
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from policyeval.cli.words import FINDINGS, FINE, USAGE, add_format, add_policies, add_programme
from policyeval.console import complain, tell
from policyeval.messages import message

if TYPE_CHECKING:
    from policyeval.analysis.difference.answers import Comparing
    from policyeval.analysis.difference.effects import Effects
    from policyeval.analysis.difference.model import Differences
    from policyeval.analysis.difference.transactions import Unreadable
    from policyeval.evaluator.policies import PolicySet
    from policyeval.policy.model import ValidPolicy

SUMMARY = message("show what a version changes: in meaning, in golden cases, in past transactions")
EXAMPLES = (
    (
        "policyeval diff kaspersky-target-notification",
        message("the newest version against the one before it"),
    ),
    (
        "policyeval diff ibas-ontrack-partner 2023-11-30 2025-01-01 --facts past.jsonl",
        message("two versions, and which past transactions they answer otherwise"),
    ),
    (
        "policyeval diff kaspersky-target-notification --html redline.html",
        message("also as a page with the redline, in one file"),
    ),
)

LIMIT = 50
"""So many transactions that come out otherwise are listed, if nothing else is asked for."""


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    version = message("VERSION").text(language)
    add_programme(parser, language)
    parser.add_argument(
        "before",
        nargs="?",
        metavar=version,
        help=message(
            "the earlier version: a name, or the file of one that is not in the folder; the one "
            "before the newest if left out"
        ).text(language),
    )
    parser.add_argument(
        "after",
        nargs="?",
        metavar=version,
        help=message("the later version, likewise; the newest if left out").text(language),
    )
    file = message("FILE").text(language)
    parser.add_argument(
        "--facts",
        metavar=f"{file}.jsonl",
        help=message(
            "past transactions, one JSON object on a line: facts, or `facts`, `asked_on` and `id`; "
            "`-` is standard input"
        ).text(language),
    )
    parser.add_argument(
        "--asked-on",
        metavar=message("DAY").text(language),
        help=message("the day for lines that give none").text(language),
    )
    parser.add_argument(
        "--limit",
        type=partial(_count, language=language),
        default=LIMIT,
        metavar=message("NUMBER").text(language),
        help=message("how many transactions that come out otherwise are listed").text(language),
    )
    parser.add_argument(
        "--html",
        type=Path,
        metavar=file,
        help=message("also write a page with the redline").text(language),
    )
    parser.add_argument(
        "--exit-zero",
        action="store_true",
        help=message("end with status 0 also where the versions differ").text(language),
    )
    add_format(parser, language)
    add_policies(parser, language)


def _count(text: str, language: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        wanted = message("`{text}` is no number from 0 to {most}", text=text[:40], most=999_999)
        raise argparse.ArgumentTypeError(wanted.text(language))
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Do it: status 0 without a difference in meaning, 1 with one."""
    from policyeval.analysis.difference.answers import Comparing
    from policyeval.analysis.difference.comparing import compare
    from policyeval.cli.chosen import policies_of
    from policyeval.cli.showing import show
    from policyeval.policy.schema.formats import complaint, day

    language: str = options.language
    asked_on: date | None = None
    if options.asked_on is not None:
        wrong = complaint("date", options.asked_on)
        if wrong is not None:
            text = message("`{option}`: {complaint}", option="--asked-on", complaint=wrong.text)
            return complain(text, language, USAGE)
        asked_on = day(options.asked_on)
    if options.html is not None:
        from policyeval.analysis.difference.page import refuse_without_library

        refuse_without_library()
    policies = policies_of(options)
    pair = _versions(policies, options)
    if pair is None:
        text = message(
            "`{programme}` has one version only: there is nothing to compare it with",
            programme=options.programme,
        )
        return complain(text, language, USAGE)
    differences = compare(*pair)
    comparing = Comparing(*pair, differences.renaming)
    cases = _cases(policies, options, comparing)
    past = None
    if options.facts is not None:
        file = _opened(options.facts, language)
        if file is None:
            return USAGE
        try:
            past = _past(file, options, comparing, asked_on)
        finally:
            if options.facts != "-":
                file.close()
    if options.format == "json":
        from policyeval.analysis.difference.data import as_json

        show(as_json(differences, cases, past, language))
    else:
        from policyeval.analysis.difference.plain import as_text
        from policyeval.analysis.difference.view import view

        show(as_text(view(differences, cases, past, language)))
    if options.html is not None:
        _write_page(options.html, differences, cases, past, language)
    if past is not None and past.unreadable and not past.read:
        return complain(message("no line of the file can be read"), language, USAGE)
    found = bool(differences) or any(each is not None and each.changed for each in (cases, past))
    return FINDINGS if found and not options.exit_zero else FINE


# ------------------------------------------------------------------------------- versions


def _versions(
    policies: "PolicySet", options: argparse.Namespace
) -> "tuple[ValidPolicy, ValidPolicy] | None":
    """Give the two versions; None if there is only one.

    Raises:
        NoApplicablePolicyError: A version is named that there is not.
        PolicyError: A version's file cannot be used.
    """
    versions = policies.versions(options.programme).versions
    if options.after is not None:
        return _named(policies, options, options.before), _named(policies, options, options.after)
    if options.before is None:
        return (versions[-2], versions[-1]) if len(versions) > 1 else None
    one = _named(policies, options, options.before)
    if one is not versions[-1]:
        return (one, versions[-1]) if one in versions else (versions[-1], one)
    return (versions[-2], one) if len(versions) > 1 else None


def _named(policies: "PolicySet", options: argparse.Namespace, name: str) -> "ValidPolicy":
    from policyeval.cli.chosen import version_named

    names = {each.policy.version for each in policies.versions(options.programme).versions}
    path = Path(name)
    if name not in names and path.suffix in {".yaml", ".yml"}:
        from policyeval.analysis.difference.files import version_in

        return version_in(path, policies.versions(options.programme).programme)
    return version_named(policies, options.programme, name)


# ------------------------------------------------------------------------------- effects


def _cases(
    policies: "PolicySet", options: argparse.Namespace, comparing: "Comparing"
) -> "Effects | None":
    """Ask both versions the golden cases; None if there are none.

    Raises:
        PolicyError: The file of cases cannot be used.
    """
    from policyeval.analysis.difference.effects import effects
    from policyeval.analysis.difference.transactions import of_cases
    from policyeval.cases.checking import cases_files
    from policyeval.cli.progress import progress
    from policyeval.errors import PolicyError

    files, problems = cases_files(policies.library)
    if any(each.severity == "error" for each in problems):
        raise PolicyError(problems)
    cases = [case for file in files if file.programme == options.programme for case in file.cases]
    if not cases:
        return None
    with progress(message("golden cases"), len(cases), options.language) as advance:
        return effects(comparing, of_cases(cases, advance), options.limit)


_STEPS = 200


def _past(
    file: BinaryIO, options: argparse.Namespace, comparing: "Comparing", asked_on: date | None
) -> "Effects":
    """Ask both versions about the transactions of a file; lines that cannot be read are told at once."""
    from policyeval.analysis.difference.effects import effects
    from policyeval.analysis.difference.transactions import read_lines
    from policyeval.cli.progress import progress

    language: str = options.language
    name = message("standard input").text(language) if options.facts == "-" else options.facts
    size = 0 if options.facts == "-" else Path(options.facts).stat().st_size
    read = done = 0

    def unreadable(line: "Unreadable") -> None:
        tell(_told(line, name, language))

    with progress(message("past transactions"), _STEPS, language) as advance:

        def count(amount: int) -> None:
            nonlocal read, done
            read += amount
            while size and done < min(_STEPS, read * _STEPS // size):
                done += 1
                advance()

        lines = read_lines(file, name, asked_on, count)
        return effects(comparing, lines, options.limit, unreadable)


def _told(line: "Unreadable", name: str, language: str) -> str:
    """Say what is wrong with a line."""
    from policyeval.messages import visible

    problem = line.problem
    column = problem.source.position(min(problem.span.start, len(problem.source.text))).column
    error = message("error").text(language)
    said = f"{visible(name)}:{line.line}:{column}: {error}: {problem.message.text(language)}"
    help_ = "" if problem.help is None else problem.help.text(language)
    said += f"  [{problem.code}]"
    return f"{said}\n   {message('help').text(language)}: {help_}" if help_ else said


def _opened(name: str, language: str) -> BinaryIO | None:
    """Open the file of transactions, or say why it cannot be."""
    from policyeval.policy.files import reason

    try:
        if name == "-":
            return sys.stdin.buffer if sys.stdin is not None else io.BytesIO()
        path = Path(name)
        if path.is_dir():
            raise IsADirectoryError
        return path.open("rb")
    except (OSError, ValueError) as error:
        why = reason(error)
        if isinstance(error, IsADirectoryError):
            why = message("this is a folder, where a file is wanted")
        text = message("`{file}`: {reason}", file=name, reason=why)
        complain(text, language, USAGE)
        return None


def _write_page(
    path: Path,
    differences: "Differences",
    cases: "Effects | None",
    past: "Effects | None",
    language: str,
) -> None:
    from policyeval.analysis.difference.page import as_page
    from policyeval.analysis.difference.view import view
    from policyeval.policy.files import replace_file

    replace_file(path, as_page(view(differences, cases, past, language)).encode())
