"""The exceptions that reach a caller of policyeval.

A *diagnostic* is about a text and is collected; an *exception* stops the caller and carries
the diagnostics that made it necessary.
"""

from collections.abc import Sequence

from policyeval.diagnostics import Diagnostic, render


class PolicyEvalError(Exception):
    """Every exception that policyeval raises on purpose."""


class DiagnosedError(PolicyEvalError):
    """An exception that says everything that is wrong, in the reader's language."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return self.render("en")

    def render(self, language: str) -> str:
        """Give all problems as text for a terminal, in `sv`, `de` or `en`."""
        return "\n\n".join(render(each, language) for each in self.diagnostics)


class ExpressionError(DiagnosedError, ValueError):
    """An expression cannot be used; `.diagnostics` holds every problem found."""


class PolicyError(DiagnosedError, ValueError):
    """A policy cannot be used; `.diagnostics` holds every problem found."""


class EvaluationError(DiagnosedError):
    """A checked expression had no lawful result for the values given (a division by zero, say)."""


class FactsError(DiagnosedError, ValueError):
    """The facts of a transaction do not match their declarations; `.diagnostics` holds all problems."""


class NoApplicablePolicyError(DiagnosedError, LookupError):
    """There is no such programme, version or decision; the help names those there are."""


class UnsupportedError(DiagnosedError):
    """Something was asked for that this installation or backend cannot do."""
