"""Texts for the command line out of files: expressions, and contexts in JSON or FEEL.

A context file whose name ends in `.feel` is FEEL text, one whose name ends in `.json` is JSON.
Otherwise a file that starts with `{` and a name in double quotes (or with `{}`) is JSON, any other
is FEEL. In JSON `{"@": "2024-01-31"}` stands for what FEEL writes as `@"2024-01-31"`.
"""

import os
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from policyeval.diagnostics import Diagnostic
from policyeval.errors import ExpressionError, PolicyEvalError
from policyeval.feel.compiler import compile_expression
from policyeval.feel.json_text import read_json_values
from policyeval.feel.limits import Limits
from policyeval.feel.values import Value
from policyeval.feel.writing import kind_of
from policyeval.messages import Message, message
from policyeval.source import Source, Span

LARGEST_FILE = 16 * 1024 * 1024
"""Bytes of a file; a larger one is refused, unread."""

# A context is data: it may be longer than an expression that somebody is to understand.
_LIMITS = Limits(length=1024 * 1024, nodes=100_000)

_JSON_OBJECT = re.compile(r'\s*\{\s*["}]')


class FileError(PolicyEvalError):
    """A file cannot be used as a text; `.message` says why."""

    def __init__(self, text: Message) -> None:
        super().__init__(text.text())
        self.message = text


def read_text(path: Path) -> Source:
    """Read a file that is text in UTF-8, with or without a byte order mark.

    Raises:
        FileError: There is no such file, or it is not that.
    """

    def read() -> bytes:
        # Opening a pipe would wait for a writer, perhaps for ever; one that has a writer is read.
        with open(path, "rb", opener=_without_waiting) as file:
            data = file.read(LARGEST_FILE + 1)
            if not data and stat.S_ISFIFO(os.fstat(file.fileno()).st_mode):
                raise FileError(message("nothing is written to the pipe `{name}`", name=path))
            return data

    return text_of(read, str(path))


def _without_waiting(path: str, flags: int) -> int:
    # Windows has no such flag, and no pipes among its files.
    nonblocking = os.O_NONBLOCK if hasattr(os, "O_NONBLOCK") else 0
    descriptor = os.open(path, flags | nonblocking)
    os.set_blocking(descriptor, True)
    return descriptor


def text_of(read: Callable[[], bytes], name: str) -> Source:
    """Read a text in UTF-8 from wherever it comes.

    Args:
        read: Gives the bytes; one more than `LARGEST_FILE` if there are more.
        name: What a reader knows the text by.

    Raises:
        FileError: It cannot be read, is too large, or is not UTF-8.
    """
    try:
        data = read()
        if len(data) > LARGEST_FILE:
            problem = message(
                "`{name}` is larger than {limit} bytes", name=name, limit=LARGEST_FILE
            )
            raise FileError(problem)
        return Source(data.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        problem = message(
            "`{name}` is not written in UTF-8, from byte {offset} on", name=name, offset=error.start
        )
    except FileNotFoundError:
        problem = message("there is no file `{name}`", name=name)
    except IsADirectoryError:
        problem = message("`{name}` is a folder, not a file", name=name)
    except PermissionError:
        problem = message("`{name}` may not be read", name=name)
    except OSError:
        problem = message("`{name}` cannot be read", name=name)
    raise FileError(problem)


def read_context(path: Path) -> Mapping[str, Value]:
    """Read a context from a file of JSON or FEEL.

    Raises:
        FileError: There is no such file, or it is no text.
        ExpressionError: It is no context; has all problems found.
    """
    source = read_text(path)
    value = read_json_values(source) if _is_json(path, source.text) else _evaluated(source)
    if not isinstance(value, dict):
        what = message("a context is wanted, not a `{given}`", given=kind_of(value))
        help_ = message("write names and values as in `{example}`", example="{age: 18}")
        whole = Span(0, len(source.text))
        raise ExpressionError([Diagnostic("input.value", what, whole, source, help_)])
    return value


def _is_json(path: Path, text: str) -> bool:
    suffix = path.suffix.lower()
    return suffix != ".feel" and (suffix == ".json" or _JSON_OBJECT.match(text) is not None)


def _evaluated(source: Source) -> Value:
    compiled = compile_expression(source, limits=_LIMITS)
    outcome = compiled.run({})
    # What is only a warning elsewhere would leave a variable without its value here.
    problems = without_consequences([*compiled.diagnostics, *outcome.warnings])
    if problems:
        raise ExpressionError([replace(each, severity="error") for each in problems])
    return outcome.value


def without_consequences(problems: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Leave out what another problem has brought about, so that one mistake gives one message.

    That is a problem about a stretch of text that has another problem within it, or the same once
    more; of two about the same stretch the first one stays.
    """
    first: dict[Span, Diagnostic] = {}
    for each in problems:
        first.setdefault(each.span, each)
    # From the right: what starts at the same place or later, and ends earliest.
    innermost: set[Span] = set()
    earliest_end: int | None = None
    for span in sorted(first, key=lambda span: (-span.start, span.end)):
        if earliest_end is None or span.end < earliest_end:
            innermost.add(span)
            earliest_end = span.end
    return [each for span, each in first.items() if span in innermost]
