"""Made-up programmes with golden cases, and suggested cases answered as the evaluator answers them."""

import json
from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

from policyeval.analysis.suggestion import Alike, Asking, Suggestion, suggestions
from policyeval.cases.loading import load_cases
from policyeval.cases.model import Cases
from policyeval.cases.running import run_case
from policyeval.cli.suggested import as_yaml
from policyeval.errors import FactsError
from policyeval.evaluation.model import Answer
from policyeval.evaluator.policies import PolicySet
from policyeval.policy.library import Library, ProgrammeVersions
from policyeval.policy.model import ValidPolicy
from policyeval.policy.never import NEVER
from tests.backends.small_policies import policy

EVENT = {"type": "date", "event": True}
INSTANT = {"type": "date and time", "event": True}


class Made:
    """A programme with one version and a file of golden cases that can be added to.

    Args:
        facts: Of every case, and how each is declared.
        decisions: As `small_policies.policy` takes them; likewise `more`.
    """

    def __init__(
        self,
        facts: Mapping[str, tuple[Any, object]],
        decisions: Mapping[str, Mapping[str, Any]],
        **more: Any,
    ) -> None:
        declared = {name: each for name, (each, _) in facts.items()}
        self.valid: ValidPolicy = policy(declared, decisions, **more)
        versions = ProgrammeVersions(self.valid.programme, (self.valid,), Path())
        self.library = Library(Path(), {"made-up": versions})
        self.head = "format: 1\nprogramme: made-up\nbase:\n  asked_on: 2024-12-31\n  facts:\n"
        for name, (_, value) in facts.items():
            self.head += f"    {name}: {json.dumps(value)}\n"
        self.blocks: list[str] = []
        self.tail = ""

    def copy(self) -> "Made":
        """Give the same programme with cases of its own."""
        other = copy(self)
        other.blocks = [*self.blocks]
        return other

    @property
    def text(self) -> str:
        """The file of cases."""
        return self.head + "cases:\n" + "\n".join(self.blocks) + "\n" + self.tail

    @property
    def cases(self) -> Cases:
        """The cases, read."""
        return load_cases(self.text.encode(), "cases.yaml")

    def looked_at(self) -> list[Suggestion | Alike]:
        """Look at every edge."""
        [(suggesting, wanted)] = list(suggestions(self.library, [self.cases]))
        found = (suggesting.looked_at(each) for each in wanted)
        return [each for each in found if each is not None]

    def suggested(self) -> list[Suggestion]:
        """Give the edges that are not pinned down."""
        return [each for each in self.looked_at() if isinstance(each, Suggestion)]

    def fill_in(self, found: Sequence[Suggestion]) -> None:
        """Put suggested cases into the file, answered as the evaluator answers them."""
        for suggestion in found:
            for case in suggestion.cases:
                alone = Suggestion(suggestion.version, suggestion.edge, (), (case,))
                self.blocks.append(self.answered(as_yaml([alone], "en"), case))

    def answered(self, block: str, case: Asking) -> str:
        """Put an answer where one is asked for."""
        empty = f"    expect:\n      {case.decision}:"
        assert block.endswith(empty)
        probe = load_cases(
            (self.head + "cases:\n" + block + " YES\n").encode(), "cases.yaml"
        ).cases[0]
        try:
            answer = PolicySet(self.library).evaluate(
                "made-up", dict(probe.facts), asked_on=probe.asked_on, decisions=[case.decision]
            )[case.decision]
        except FactsError:
            return block.removesuffix(empty) + "    refused: [input.inconsistent]"
        return f"{block} {_expected(self.valid, answer)}"

    def failing(self, other: ValidPolicy) -> list[str]:
        """Give the cases that fail with another version instead."""
        versions = ProgrammeVersions(other.programme, (other,), Path())
        policies = PolicySet(Library(Path(), {"made-up": versions}))
        return [
            each.id for each in self.cases.cases if not run_case(policies, "made-up", each).passed
        ]


def _expected(valid: ValidPolicy, answer: Answer) -> str:
    decision = valid.policy.decisions[answer.decision]
    every = [each.id for each in (*decision.remarks, *valid.policy.remarks)]
    made = [each.rule for each in answer.remarks]
    parts = [] if answer.verdict is None else [f"verdict: {answer.verdict}"]
    if answer.verdict is None and answer.value is not NEVER:
        parts.append(f"value: {answer.value}")
    parts.append(f"rules: [{', '.join(each.rule for each in answer.reasons)}]")
    parts.append(f"open: [{', '.join(each.name for each in answer.open_points)}]")
    parts.append(f"remarks: [{', '.join(made)}]")
    parts.append(f"no_remarks: [{', '.join(each for each in every if each not in made)}]")
    return f"{{{', '.join(parts)}}}"
