"""`policyeval suggest`: cases to be answered by a person, for every edge that no golden case pins down."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from policyeval.cli.words import FINDINGS, FINE, USAGE, policies_folder
from policyeval.console import complain, tell
from policyeval.messages import message

if TYPE_CHECKING:
    from policyeval.policy.library import Library

SUMMARY = message("suggest golden cases on, before and after every edge that no case pins down")
EXAMPLES = (
    ("policyeval suggest policies/", message("every edge of every programme")),
    (
        "policyeval suggest example-referral --only decisions.fee_payable",
        message("only what is computed there"),
    ),
    (
        "policyeval suggest --limit 1 --format yaml",
        message("the cases of the first edge, ready to be put into `cases.yaml`"),
    ),
)


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "where",
        nargs="?",
        metavar=message("PATH|PROGRAMME").text(language),
        help=message("a folder of policies, a programme's folder, or its name").text(language),
    )
    parser.add_argument(
        "--only",
        default="",
        metavar=message("ADDRESS").text(language),
        help=message("only edges whose address begins so").text(language),
    )
    parser.add_argument(
        "--limit",
        type=_count(language),
        metavar=message("N").text(language),
        help=message("end after so many edges").text(language),
    )
    parser.add_argument(
        "--verbose",
        action="store_true",
        help=message("also list the edges that no transaction was found to show").text(language),
    )
    parser.add_argument(
        "--format",
        choices=("text", "yaml", "json"),
        default="text",
        help=message("text for people, yaml for `cases.yaml`, json for programs").text(language),
    )


def _count(language: str) -> Callable[[str], int]:
    def count(text: str) -> int:
        if not _COUNT.fullmatch(text):
            said = message("a number from 1 on is wanted here").text(language)
            raise argparse.ArgumentTypeError(said)
        return int(text)

    return count


_COUNT = re.compile("[1-9][0-9]{0,8}")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from policyeval.analysis.suggestion.model import Alike, Suggestion
    from policyeval.analysis.suggestion.suggesting import suggestions
    from policyeval.cases.checking import cases_files
    from policyeval.cli import suggested
    from policyeval.cli.progress import progress
    from policyeval.cli.showing import show
    from policyeval.policy.addresses import read

    language: str = options.language
    only = read(options.only) if options.only else ()
    if only is None:
        text = message("`{text}` is not written as an address is", text=options.only)
        return complain(text, language, USAGE)
    library = _library(options.where)
    files, problems = cases_files(library)
    if any(each.severity == "error" for each in problems):
        from policyeval.errors import PolicyError

        raise PolicyError(problems)
    without = sorted(library.programmes.keys() - {each.programme for each in files})
    found: list[Suggestion] = []
    alike: list[Alike] = []
    failing = 0
    looked_at = 0
    for suggesting, wanted in suggestions(library, files, only=only):
        failing += len(suggesting.failing)
        if wanted and not suggesting.asked:
            without.append(suggesting.name)
            continue
        task = message("looking at the edges of {version}", version=suggesting.name)
        with progress(task, len(wanted), language) as advance:
            for edge in wanted:
                if options.limit is not None and len(found) >= options.limit:
                    break
                result = suggesting.looked_at(edge)
                looked_at += 1
                advance()
                if isinstance(result, Suggestion):
                    found.append(result)
                elif result is not None:
                    alike.append(result)
    for name in without:
        text = message(
            "`{version}` has no golden case to begin with: write one, as complete as can be",
            version=name,
        )
        tell(text.text(language))
    if failing:
        tell(
            message(
                "cases that fail and were left aside: {count}; `policyeval test` tells why",
                count=failing,
            ).text(language)
        )
    match options.format:
        case "json":
            show(suggested.as_json(found, alike, language))
        case "yaml":
            if found:
                show(suggested.as_yaml(found, language))
        case _:
            written = suggested.as_text(found, alike if options.verbose else [], language)
            if written:
                show(written, "problems")
            tell(
                message(
                    "edges: {edges}, not pinned down: {open}, cannot be told apart: {alike}",
                    edges=looked_at,
                    open=len(found),
                    alike=len(alike),
                ).text(language)
            )
    return FINDINGS if found or without else FINE


def _library(where: str | None) -> "Library":
    from policyeval.evaluator.problems import no_such
    from policyeval.policy.ids import is_programme_id
    from policyeval.policy.repository import read_folder

    if where is None or Path(where).exists():
        library = read_folder(policies_folder(None if where is None else Path(where), or_file=True))
    else:
        folder = policies_folder(None)
        # Only a name that could be a programme's is ever made part of a path.
        if not is_programme_id(where) or not (folder / where).is_dir():
            library = read_folder(folder)
            library.refuse()
            raise no_such("programme", where, sorted(library.programmes))
        library = read_folder(folder / where)
    library.refuse()
    return library
