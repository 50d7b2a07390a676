"""The transactions that a search starts from, and what was learnt of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from policyeval.analysis.distinguishing.comparing import Asked, Pair
from policyeval.analysis.distinguishing.differences import Options, facts_behind
from policyeval.analysis.distinguishing.model import Seed
from policyeval.analysis.distinguishing.moves import Facts, Situation, start
from policyeval.facts.decoding import Decoder
from policyeval.facts.model import Environment, Open
from policyeval.feel import syntax, types
from policyeval.policy.model import Formula, ValidPolicy
from policyeval.policy.substitution import with_text
from policyeval.policy.terms import apply

Admits = Callable[[Situation, str], bool]
"""Tells whether the version answers a question about a transaction."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A seed, decoded."""

    seed: Seed
    environment: Environment


class Seeds:
    """Transactions as one version takes them; what is learnt of them is kept.

    Args:
        version: The version that others are compared with.
        seeds: Transactions to start from.
        admits: Tells of a transaction and a question whether they count; by default all do.
    """

    def __init__(
        self, version: ValidPolicy, seeds: Iterable[Seed], admits: Admits | None = None
    ) -> None:
        self.version = version
        self.facts = Facts(version.policy, Decoder(version))
        self.admits = admits
        self._seeds: list[Ranked] = []
        known: set[str] = set()
        for seed in seeds:
            environment = self.facts.environment(start(seed))
            given = [(name, seed.facts[name]) for name in sorted(seed.facts)]
            key = repr((given, seed.asked_on, seed.overlays))
            if environment is None or key in known:
                continue
            known.add(key)
            self._seeds.append(Ranked(seed, environment))
        self.asked = cache(self._make_asked)
        self.ranked = cache(self._make_rank)

    def _make_asked(self, overlays: tuple[str, ...], question: str) -> Asked:
        return Asked(self.version, overlays, {question})

    def counts(self, overlays: tuple[str, ...], options: Options) -> bool:
        """Tell whether what stands under these options counts, as readings are settled."""
        own = tuple(each for each in self.version.policy.overlays if each in overlays)
        chosen = apply(self.version, own).chosen
        return all(chosen.get(name, option) == option for name, option in options.items())

    def _make_rank(self, question: str, formula: Formula | None) -> tuple[Ranked, ...]:
        """Order seeds: those first whose answer hangs on a formula, and on little else."""
        forced = None if formula is None else self._forced(formula)
        behind = facts_behind(self.version, frozenset({question}))
        pairs: dict[tuple[str, ...], Pair] = {}

        def hangs_on_it(ranked: Ranked) -> bool:
            overlays = ranked.seed.overlays
            if forced is None or overlays:
                return False
            if overlays not in pairs:
                asked = self.asked(overlays, question)
                pairs[overlays] = Pair(asked, forced, overlays, question)
            return pairs[overlays].seems_different(ranked.environment)

        def weight(ranked: Ranked) -> tuple[bool, bool, int, int, int]:
            asked = self.asked(ranked.seed.overlays, question)
            found = asked.found(ranked.environment)
            definite = None if found is None else found.decisions[question]
            reasons = 9
            if definite is not None and definite.covered:
                decision = self.version.policy.decisions[question]
                wanted = len(decision.requires)
                reasons = sum(
                    held != (number < wanted) for number, held in enumerate(definite.rules)
                )
            elif definite is None:
                reasons = 2
            overlaid = bool(ranked.seed.overlays)
            said = len(ranked.seed.facts)  # the plainest transaction is the easiest to judge
            return (
                overlaid,
                not hangs_on_it(ranked),
                reasons,
                _unknown(ranked.environment, behind),
                said,
            )

        return tuple(sorted(self._seeds, key=weight))

    def _forced(self, formula: Formula) -> ValidPolicy | None:
        """Give the version with a formula that comes to something quite different."""
        checked = self.version.checked.get(formula)
        if checked is None or isinstance(formula.tree, syntax.UnaryTests):
            return None
        text = f"({formula.text})"
        match types.required(checked.type_of(formula.tree)):
            case types.BOOLEAN:
                return with_text(self.version, formula, f"not{text}")
            case types.NUMBER:
                return with_text(self.version, formula, f"{text} + 1")
            case types.DATE | types.DATE_AND_TIME:
                return with_text(self.version, formula, f'{text} + duration("P400D")')
            case _:
                return None


def _unknown(environment: Environment, names: Sequence[str]) -> int:
    """Count the facts that are not known; an act or an event that is none yet is no such fact."""
    values = [environment.values.get(name) for name in names]
    return sum(isinstance(each, Open) and each.kind == "fact" for each in values)
