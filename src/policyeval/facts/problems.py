"""What is wrong with the facts of one transaction, and where to point at it.

For JSON that is a place in the text. Plain values have no text: each is shown on a line of its own,
`name: value`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from policyeval.diagnostics import Diagnostic
from policyeval.facts.placed import Placed
from policyeval.facts.plain import is_list, is_object, kind_shown
from policyeval.facts.refusal import Refused, cut
from policyeval.messages import Message, message
from policyeval.source import Source, Span

Path = tuple[str | int, ...]
"""Where a value stands: names of entries, and positions in lists from 0."""

SHOWN: Final = 100
"""Problems shown at a time; whoever has solved a hundred of them asks again anyway."""


class TooManyProblems(Exception):
    """No more problems are looked for."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that was refused.

    Attributes:
        named: Whether it is about the name at the end of the path, not about the value.
    """

    path: Path
    given: object
    refused: Refused
    named: bool


@dataclass(slots=True)
class Problems:
    """What was found, in the order of the facts as they were given."""

    found: list[Problem] = field(default_factory=list)

    def refuse(self, path: Path, given: object, refused: Refused, *, named: bool = False) -> None:
        """Note that a value, or a name, was refused.

        Raises:
            TooManyProblems: There are more than are shown.
        """
        self.found.append(Problem(path, given, refused, named))
        if len(self.found) > SHOWN:
            raise TooManyProblems

    def in_json(self, root: Placed, source: Source) -> Iterator[Diagnostic]:
        """Give the problems at their places in a JSON text."""
        for each in self.found:
            yield _diagnostic(each, _place(root, each), source)

    def of_values(self) -> Iterator[Diagnostic]:
        """Give the problems, each with a line that shows the value."""
        for each in self.found:
            whole = path_text(each.path)
            shown = _shown(each.given)
            if each.named:
                span = Span(len(whole) - len(cut(str(each.path[-1]))), len(whole))
            else:
                start = len(whole) + 2 if whole else 0
                span = Span(start, start + len(shown))
            source = Source(f"{whole}: {shown}" if whole else shown)
            place = message("the facts")
            if each.path:
                place = message("fact `{name}`", name=cut(str(each.path[0])))
            yield _diagnostic(each, span, source, place)


def _diagnostic(
    problem: Problem, span: Span, source: Source, place: Message | None = None
) -> Diagnostic:
    refused = problem.refused
    return Diagnostic(refused.code, refused.text, span, source, refused.help, place=place)


def too_many(last: Diagnostic) -> Diagnostic:
    """Say that there are more problems than are shown, from a place on."""
    return Diagnostic(
        "input.too-many-problems",
        message("there are more problems from here on; the first {limit} are shown", limit=SHOWN),
        last.span,
        last.source,
        message("solve those that are shown and ask again"),
        place=last.place,
    )


def _place(root: Placed, problem: Problem) -> Span:
    *outer, last = problem.path or (None,)
    if last is None:
        return Span(root.span.start, root.span.start + 1)
    around = root
    for step in outer:
        assert step is not None
        around = around.parts[step]
    if problem.named:
        return around.names[str(last)]
    span = around.parts[last].span
    # Of a list or an object its opening bracket, which is where it begins for a reader.
    whole = isinstance(around.parts[last].value, list | dict)
    return Span(span.start, span.start + 1) if whole else span


def path_text(path: Path) -> str:
    """Write a path as a reader knows it: `acceptances[2].authorised`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step + 1}]"
        else:
            text += f".{cut(step)}" if text else cut(step)
    return text


def _shown(value: object) -> str:
    """Show a value that a caller gave, without asking it."""
    kind = type(value)
    if value is None or kind is bool:
        return {None: "null", True: "true", False: "false"}[value]  # type: ignore[index] # one of the three
    if issubclass(kind, str):
        return json.dumps(cut(str.__str__(value)), ensure_ascii=False)
    if kind is float:
        return repr(value)
    if kind is int and int.bit_length(value) > 200:  # type: ignore[arg-type] # by its type
        return "…"  # writing it out could take for ever
    if kind is int or kind is Decimal:
        return cut(str(value))
    if kind is datetime:
        assert isinstance(value, datetime)
        return datetime.isoformat(value.replace(tzinfo=None))
    if kind is date:
        return str(value)
    if is_list(value):
        return "[…]"
    return "{…}" if is_object(value) else kind_shown(value)
