"""Where the problems of one file are collected, so that a reader sees all of them in one run."""

from collections.abc import Iterable

from policyeval.diagnostics import Diagnostic, Severity
from policyeval.errors import PolicyError
from policyeval.messages import Message, message
from policyeval.source import Source, Span

SHOWN = 100
"""Problems shown at a time; whoever has solved a hundred of them runs the check again anyway."""

# Problems kept at all. Sorted by place, the first of them are shown.
_KEPT = 1_000


class Problems:
    """What was found wrong with one file, in any order and by any stage.

    One mistake gives one message: a problem with the same code at the same place is kept once.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._found: dict[tuple[str, Span, Source], Diagnostic] = {}

    def report(
        self,
        code: str,
        text: Message,
        span: Span,
        help_: Message | None = None,
        severity: Severity = "error",
    ) -> None:
        """Add a problem of this file."""
        self.add([Diagnostic(code, text, span, self.source, help_, severity)])

    def add(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add problems that another reader found."""
        for each in diagnostics:
            if len(self._found) < _KEPT:
                self._found.setdefault((each.code, each.span, each.source), each)

    @property
    def found(self) -> tuple[Diagnostic, ...]:
        """Every problem, in the order of the text; after the first hundred only that there are more."""
        ordered = sorted(self._found.values(), key=lambda each: each.span)
        if len(ordered) <= SHOWN:
            return tuple(ordered)
        more = Diagnostic(
            "yaml.too-many-problems",
            message(
                "there are more problems from here on; the first {limit} are shown", limit=SHOWN
            ),
            ordered[SHOWN].span,
            self.source,
            message("solve those that are shown and check the file again"),
        )
        return (*ordered[:SHOWN], more)

    @property
    def fatal(self) -> bool:
        """Whether one of them is an error."""
        return any(each.severity == "error" for each in self._found.values())

    def refuse(self) -> None:
        """Stop here if the file cannot be used.

        Raises:
            PolicyError: One of the problems is an error; it holds all of them.
        """
        if self.fatal:
            raise PolicyError(self.found)
