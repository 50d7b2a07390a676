"""What the commands share: exit statuses, examples in help, options, the folder of policies."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from policyeval.console import answer, is_known
from policyeval.errors import PolicyError
from policyeval.messages import LANGUAGES, Message, language_of, message

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


def add_language(parser: argparse.ArgumentParser, language: str) -> None:
    """Let the language be chosen, also by a tag such as `de-CH`."""

    def known(tag: str) -> str:
        if is_known(tag):
            return language_of(tag)
        names = ", ".join(LANGUAGES)
        text = message("there is no language `{tag}` here; there are {names}", tag=tag, names=names)
        raise argparse.ArgumentTypeError(text.text(language))

    parser.add_argument(
        "--lang",
        type=known,
        choices=LANGUAGES,
        default=argparse.SUPPRESS,
        help=message("the language of messages").text(language),
    )


def add_own_version(parser: argparse.ArgumentParser, language: str) -> None:
    """Let the version of policyeval be asked for."""

    class Say(argparse.Action):
        def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
            from importlib.metadata import version

            answer(f"policyeval {version('policyeval')}")
            parser.exit(FINE)

    text = message("show the version of policyeval and end").text(language)
    parser.add_argument("--version", action=Say, nargs=0, dest="own_version", help=text)


def add_programme(parser: argparse.ArgumentParser, language: str) -> None:
    """Take the name of a programme."""
    parser.add_argument(
        "programme",
        metavar=message("PROGRAMME").text(language),
        help=message("the programme's name").text(language),
    )


def add_version(parser: argparse.ArgumentParser, language: str) -> None:
    """Let a version be named."""
    parser.add_argument(
        "--version",
        metavar=message("VERSION").text(language),
        help=message("the version; the newest if left out").text(language),
    )


def add_format(parser: argparse.ArgumentParser, language: str) -> None:
    """Let the answer be text or JSON."""
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help=message("text for people, json for programs").text(language),
    )


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


class FolderError(PolicyError):
    """What a command line names as a folder of policies cannot be read: not they are wrong, but it."""


def policies_folder(given: Path | None, *, or_file: bool = False) -> Path:
    """Find the folder of policies: as given, from the environment, here, or with the package.

    Args:
        given: As the command line names it.
        or_file: Whether a file may be named in its place.

    Raises:
        FolderError: It is not there, is none, or cannot be read.
    """
    folder = _named_folder(given)
    try:
        with os.scandir(folder):
            return folder
    except (OSError, ValueError) as error:
        from policyeval.policy.files import problem, reason

        why = reason(error)
        if isinstance(error, NotADirectoryError) and os.path.lexists(folder):
            if or_file:
                return folder
            why = message("this is a file, where a folder is wanted")
        help_ = message("see how its name is spelled, and who may read it")
        raise FolderError([problem("registry.not-a-file", why, folder, help_)]) from error


def _named_folder(given: Path | None) -> Path:
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


def processors() -> int:
    """Give how many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    else:  # noqa: RET505  # a checker of types sees only one of the two
        return os.cpu_count() or 1
