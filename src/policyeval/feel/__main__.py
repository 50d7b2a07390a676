"""The command line: `python -m policyeval.feel EXPRESSION [--context FILE]`.

It prints the value as FEEL text; warnings and problems go to standard error, with carets. The exit
status is 0 where there is a value (null is one), 1 where the expression cannot be used, 2 where the
command line cannot, 3 where the context cannot.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from policyeval.console import (
    argparse_in,
    chosen_language,
    complain,
    give_up_writing,
    tell,
    tolerate_any_character,
)
from policyeval.diagnostics import render
from policyeval.errors import EvaluationError, ExpressionError
from policyeval.feel.checker import Mode
from policyeval.feel.checker.relations import type_of
from policyeval.feel.compiler import Compiled, compile_expression, compile_unary_tests
from policyeval.feel.context_file import (
    LARGEST_FILE,
    FileError,
    read_context,
    read_text,
    text_of,
    without_consequences,
)
from policyeval.feel.failure import BudgetExceededError, Failure
from policyeval.feel.runtime import Budget
from policyeval.feel.scope import Scope
from policyeval.feel.values import Value
from policyeval.feel.writing import literal_text, value_text
from policyeval.messages import LANGUAGES, message
from policyeval.source import Source

FINE, PROBLEMS, USAGE, CONTEXT_REFUSED = 0, 1, 2, 3
INTERRUPTED = 130

# What is printed for a person may be longer than what a program computes with.
_PRINTED = Budget(string_length=16 * 1024 * 1024)


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
            options = _parser(language).parse_args(given)
            options.language = language
            return _serve(options) if options.json_lines else _evaluate(options)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        give_up_writing()
        return FINE  # whoever reads has seen enough
    except OSError:
        # Files are read with their own answers to this: it is the answer that cannot be written.
        give_up_writing()
        return complain(message("the answer cannot be written"), language, PROBLEMS)


def _parser(language: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m policyeval.feel",
        description=message("evaluate an expression in FEEL, the language of DMN 1.5").text(
            language
        ),
    )
    parser.add_argument(
        "expression",
        nargs="?",
        metavar=message("EXPRESSION").text(language),
        help=message("the expression; `-` reads it from standard input").text(language),
    )
    file = message("FILE").text(language)
    parser.add_argument(
        "--file",
        type=Path,
        metavar=file,
        help=message("read the expression from a file").text(language),
    )
    parser.add_argument(
        "--context",
        type=Path,
        metavar=file,
        help=message(
            'the variables: a file of JSON, where `{"@": "2024-01-31"}` is a date, or of FEEL'
        ).text(language),
    )
    parser.add_argument(
        "--unary-tests",
        action="store_true",
        help=message(
            "the expression is a condition of a decision table; the context has its value as `?`"
        ).text(language),
    )
    parser.add_argument(
        "--mode",
        choices=("lenient", "strict"),
        default="lenient",
        help=message(
            "lenient: what has no result is null, with a warning; strict: it is an error"
        ).text(language),
    )
    parser.add_argument(
        "--lang", choices=LANGUAGES, help=message("the language of messages").text(language)
    )
    parser.add_argument(
        "--json-lines",
        action="store_true",
        help=message("answer requests from standard input, one a line, in JSON").text(language),
    )
    # Requests say themselves what they are; the option is there for those who give it to both ends.
    parser.add_argument("--tables", choices=("builtin", "native", "skip"), help=argparse.SUPPRESS)
    return parser


# ---------------------------------------------------------------------- what it does


def _serve(options: argparse.Namespace) -> int:
    from policyeval.feel import protocol

    # A program may be started with its streams closed; Python has None in their place then.
    if sys.stdin is None or sys.stdout is None:
        what = message("requests are read from standard input and answered on standard output")
        return complain(what, options.language, USAGE)
    protocol.serve(
        sys.stdin.buffer, sys.stdout, sys.stderr, mode=options.mode, language=options.language
    )
    return FINE


def _evaluate(options: argparse.Namespace) -> int:
    language: str = options.language
    try:
        source = _source(options)
    except FileError as error:
        return complain(error.message, language, USAGE)
    if source is None:
        return complain(
            message("give an expression, or `--file` with the name of a file that has one"),
            language,
            USAGE,
        )
    try:
        context = {} if options.context is None else read_context(options.context)
    except FileError as error:
        return complain(error.message, language, CONTEXT_REFUSED)
    except ExpressionError as error:
        tell(error.render(language))
        return CONTEXT_REFUSED
    try:
        compiled = _compiled(source, context, options.mode, unary_tests=options.unary_tests)
        outcome = compiled.run(context)
        written = _written(outcome.value)
    except (ExpressionError, EvaluationError) as error:
        tell(error.render(language))
        return PROBLEMS
    except Failure as failure:
        return complain(failure.message, language, PROBLEMS)
    for each in without_consequences([*compiled.diagnostics, *outcome.warnings]):
        tell(render(each, language))
    print(written, flush=True)
    return FINE


def _source(options: argparse.Namespace) -> Source | None:
    """Find the expression; None if there is none, or more than one.

    Raises:
        FileError: It cannot be read.
    """
    if (options.expression is None) == (options.file is None):
        return None
    if options.file is not None:
        source = read_text(options.file)
    elif options.expression == "-":
        name = message("standard input").text(options.language)
        source = text_of(_standard_input, name)
    else:
        source = Source(_as_written(options.expression))
    # What is missing at the end is missing on the last line that says something.
    return Source(source.text.rstrip(), source.name)


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise OSError("closed")
    return sys.stdin.buffer.read(LARGEST_FILE + 1)


def _as_written(argument: str) -> str:
    """Read an argument as UTF-8 where the system's locale (`C`, say) cannot tell its letters."""
    try:
        return os.fsencode(argument).decode()
    except UnicodeError:
        return argument


def _compiled(
    source: Source, context: Mapping[str, Value], mode: Mode, *, unary_tests: bool
) -> Compiled:
    """Compile the expression for the variables there are.

    The lenient mode knows their names only, as FEEL does before it runs; the strict mode must know
    their types, and takes those of their values.
    """
    scope = Scope.of(context)
    if mode == "strict":
        found = {name: type_of(value) for name, value in context.items()}
        scope = Scope(found, scope.members)
    if unary_tests:
        return compile_unary_tests(source, scope, mode=mode)
    return compile_expression(source, scope, mode=mode)


def _written(value: Value) -> str:
    """Write a value as FEEL text; what has none, a function, as FEEL's `string()` does.

    Raises:
        Failure: It is too large or too deep to be written.
    """
    try:
        return literal_text(value, _PRINTED)
    except BudgetExceededError:
        raise
    except Failure:
        return value_text(value, _PRINTED)


if __name__ == "__main__":
    sys.exit(main())
