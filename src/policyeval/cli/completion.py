"""`policyeval completion`: completion of commands and options for a shell."""

import argparse

from policyeval.cli.showing import show
from policyeval.cli.words import FINE, USAGE
from policyeval.console import complain
from policyeval.messages import message

SUMMARY = message("print a script that lets a shell complete commands and options")
EXAMPLES = (
    (
        "policyeval completion bash > ~/.local/share/bash-completion/completions/policyeval",
        message("for bash, from the next shell on"),
    ),
)
SHELLS = ("bash", "zsh", "tcsh")


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "shell", choices=SHELLS, help=message("the shell to write for").text(language)
    )


def run(options: argparse.Namespace) -> int:
    """Do it."""
    try:
        import shtab
    except ImportError:
        return complain(
            message("this needs `{extra}`; install it with pip", extra="policyeval[cli]"),
            options.language,
            USAGE,
        )
    from policyeval.cli import parser

    show(shtab.complete(parser(options.language), shell=options.shell))
    return FINE
