"""The command line: `policyeval COMMAND …`.

Each command is a module that says what it takes (`describe`) and does it (`run`); it imports what it
needs when it runs, so that asking for help loads nothing. The exit status is 0 where all is well, 1
where something was found, 2 where the command line cannot be used, 3 where facts are refused.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from policyeval.cli.words import (
    FACTS_REFUSED,
    FINDINGS,
    FINE,
    INTERRUPTED,
    USAGE,
    FolderError,
    add_language,
    add_own_version,
    epilogue,
)
from policyeval.console import (
    argparse_in,
    chosen_language,
    complain,
    give_up_writing,
    tell,
    tolerate_any_character,
)
from policyeval.errors import (
    EvaluationError,
    FactsError,
    NoApplicablePolicyError,
    PolicyError,
    UnsupportedError,
)
from policyeval.messages import message

COMMANDS = (
    "decide",
    "check",
    "test",
    "suggest",
    "show",
    "versions",
    "amend",
    "fmt",
    "diff",
    "clauses",
    "drift",
    "lock",
    "verify",
    "replay",
    "restate",
    "completion",
)
"""Every command is a module of this package."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit status.

    Args:
        arguments: Those after the program's name; None for this process's own.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    language = chosen_language(given)
    tolerate_any_character()
    try:
        with argparse_in(language):
            options = _read(parser(language, given), given)
        options.language = language
        return int(_module(options.command).run(options))
    except (NoApplicablePolicyError, FolderError) as error:
        tell(error.render(language))
        return USAGE
    except FactsError as error:
        tell(error.render(language))
        return FACTS_REFUSED
    except (EvaluationError, PolicyError, UnsupportedError) as error:
        tell(error.render(language))
        return FINDINGS
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        give_up_writing()
        return FINE  # whoever reads has seen enough
    except OSError:
        # Files are read and written with their own answers to this: it is the answer that cannot be.
        give_up_writing()
        return complain(message("the answer cannot be written"), language, FINDINGS)


def _read(reading: argparse.ArgumentParser, given: list[str]) -> argparse.Namespace:
    """Read arguments; those without a name may also stand after options.

    argparse itself ends what has no name where an option begins. What it leaves over is put beside
    the programme's name, and everything is read once more.
    """
    options, over = reading.parse_known_args(given)
    programme = options.programme if "programme" in options else None
    if over and programme is not None and not any(each.startswith("-") for each in over):
        rest = list(given)
        for each in reversed(over):
            del rest[len(rest) - 1 - rest[::-1].index(each)]
        at = rest.index(programme) + 1
        return reading.parse_args([*rest[:at], *over, *rest[at:]])
    return reading.parse_args(given)


def parser(language: str, given: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Make the parser of the whole command line, in a reader's language.

    Args:
        language: `en`, `sv` or `de`.
        given: What is to be read; where it begins with a command, the others are left out.
    """
    top = argparse.ArgumentParser(
        prog="policyeval",
        description=message(
            "decide by the terms of partner programmes, and check that they say what they should"
        ).text(language),
        epilog=message("`policyeval COMMAND --help` shows examples of each command").text(language),
        allow_abbrev=False,
    )
    add_own_version(top, language)
    add_language(top, language)
    commands = top.add_subparsers(
        dest="command",
        required=True,
        title=message("commands").text(language),
        metavar=message("COMMAND").text(language),
    )
    for name in given[:1] if given and given[0] in COMMANDS else COMMANDS:
        module = _module(name)
        summary = module.SUMMARY.text(language)
        command = commands.add_parser(
            name,
            help=summary,
            description=summary,
            epilog=epilogue(module.EXAMPLES, language),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        module.describe(command, language)
        add_language(command, language)
    return top


def _module(name: str) -> ModuleType:
    assert name in COMMANDS, "argparse lets no other through"
    return import_module(f"policyeval.cli.{name}")
