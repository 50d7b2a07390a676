"""`policyeval lock`: record the versions that are published, so that no change to them goes unseen."""

import argparse
from pathlib import Path

from policyeval.cli.findings import write
from policyeval.cli.showing import show
from policyeval.cli.words import FINDINGS, FINE, policies_folder
from policyeval.messages import message

SUMMARY = message("record new versions in `policies.lock`; what is recorded cannot change unseen")
EXAMPLES = (("policyeval lock policies/", message("record every version that is not yet")),)


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar=message("FOLDER").text(language),
        help=message("the folder of policies").text(language),
    )


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from policyeval.policy.lock import check_lock, write_lock
    from policyeval.policy.repository import read_folder

    language: str = options.language
    library = read_folder(policies_folder(options.path))
    library.refuse()
    wrong = [each for each in check_lock(library) if each.severity == "error"]
    if wrong:
        show(write(wrong, "text", language), "problems")
        return FINDINGS
    lines = [
        message("recorded {version}", version=each).text(language) for each in write_lock(library)
    ]
    show("\n".join(lines) or message("nothing new to record").text(language))
    return FINE
