"""`policyeval check`: everything that is wrong with policies, at once."""

import argparse
from pathlib import Path

from policyeval.cli.findings import FORMATS, summary, write
from policyeval.cli.showing import show
from policyeval.cli.words import FINDINGS, FINE, policies_folder
from policyeval.console import tell
from policyeval.messages import message

SUMMARY = message("check policies, golden cases and the lock; every problem at once")
EXAMPLES = (
    ("policyeval check policies/", message("every file of the folder")),
    ("policyeval check policies/ --format github", message("notes beside the lines, on GitHub")),
    ("policyeval check policies/ --strict", message("warnings count as errors")),
)


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar=message("PATH").text(language),
        help=message("a folder of policies, a programme's folder, or one file").text(language),
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help=message("how problems are written").text(language),
    )
    parser.add_argument(
        "--strict", action="store_true", help=message("warnings count as errors").text(language)
    )


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from policyeval.cases.checking import check_cases
    from policyeval.cases.model import NAME
    from policyeval.policy.repository import read_folder

    language: str = options.language
    path = policies_folder(options.path)
    library = read_folder(path.parent if path.name == NAME else path)
    found = list(library.diagnostics)
    if len(library.part) < 2:  # what cases name may be in any version, not in the one file alone
        found += check_cases(library)
    written = write(found, options.format, language)
    if written:
        show(written, "problems" if options.format == "text" else "plain")
    if options.format == "text":
        versions = sum(len(each.versions) for each in library.programmes.values())
        text = message(
            "programmes: {programmes}, versions: {versions}",
            programmes=len(library.programmes),
            versions=versions,
        )
        tell(f"{text.text(language)}; {summary(found, language)}")
    errors = any(each.severity == "error" or options.strict for each in found)
    return FINDINGS if errors else FINE
