"""What every part of a validation works with: the policy, and where its problems go."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from policyeval.diagnostics import Diagnostic, Severity
from policyeval.messages import Message
from policyeval.policy.model import Policy, Programme
from policyeval.policy.problems import Problems
from policyeval.policy.validation.places import Places
from policyeval.source import Source, Span


@dataclass(slots=True)
class Check:
    """One validation.

    Attributes:
        places: Of the policy's file.
        failed: Whether there was an error. (`problems` keeps only so many of them.)
    """

    policy: Policy
    programme: Programme
    problems: Problems
    places: Places = field(init=False)
    failed: bool = False

    def __post_init__(self) -> None:
        self.places = Places(self.policy.source)

    def report(
        self,
        code: str,
        text: Message,
        span: Span,
        help_: Message | None = None,
        *,
        severity: Severity = "error",
        source: Source | None = None,
    ) -> None:
        """Add a problem of the policy's file, or of another."""
        self.add([Diagnostic(code, text, span, source or self.policy.source, help_, severity)])

    def warn(self, code: str, text: Message, span: Span, help_: Message | None = None) -> None:
        """Add something that does not forbid the policy but should be looked at."""
        self.report(code, text, span, help_, severity="warning")

    def add(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add problems that another reader found."""
        found = list(diagnostics)
        self.failed = self.failed or any(each.severity == "error" for each in found)
        self.problems.add(found)
