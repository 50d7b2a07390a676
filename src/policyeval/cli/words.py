"""What the commands share: exit statuses, examples in help, the folder of policies, plain tables."""

import argparse
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from policyeval.messages import Message, message

FINE, FINDINGS, USAGE, FACTS_REFUSED = 0, 1, 2, 3
INTERRUPTED = 130

Example = tuple[str, Message]
"""A command line and what it does."""


def epilogue(examples: Sequence[Example], language: str) -> str:
    """Write the examples that stand at the end of a command's help."""
    lines = [message("examples").text(language) + ":"]
    for command, meaning in examples:
        lines += [f"  {command}", f"      {meaning.text(language)}"]
    return "\n".join(lines)


def add_policies(parser: argparse.ArgumentParser, language: str) -> None:
    """Let the folder of policies be named."""
    parser.add_argument(
        "--policies",
        type=Path,
        metavar=message("FOLDER").text(language),
        help=message(
            "the folder of policies; otherwise `POLICYEVAL_POLICIES`, `policies` here, or those "
            "that came with the installation"
        ).text(language),
    )


def policies_folder(given: Path | None) -> Path:
    """Find the folder of policies: as given, from the environment, here, or with the package."""
    if given is not None:
        return given
    named = os.environ.get("POLICYEVAL_POLICIES")
    if named:
        return Path(named)
    here = Path("policies")
    if here.is_dir():
        return here
    package = Path(__file__).parents[1]
    installed = package / "_data" / "policies"
    return installed if installed.is_dir() else package.parents[1] / "policies"


def table(rows: Iterable[Sequence[str]], heads: Sequence[str]) -> str:
    """Write rows in columns, for a pipe as for a terminal."""
    every = [list(heads), *(list(each) for each in rows)]
    widths = [max(len(row[index]) for row in every) for index in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in every
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)
