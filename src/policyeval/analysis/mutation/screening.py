"""Which cases cannot tell a mutant from the version, because what is changed gives the same for them.

All that a formula does for an answer is its value. So where it gives what the formula does that stood
in its place, whatever the open points may still be, the whole answer stays what it is, and nothing
else needs to be computed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from policyeval.analysis.mutation.model import Mutant
from policyeval.analysis.mutation.trials import Ask, Trial
from policyeval.backends.python.inputs import shown
from policyeval.backends.python.undecided import UNDECIDED
from policyeval.backends.python.units import Surroundings, Unit
from policyeval.facts.model import Open
from policyeval.feel import syntax
from policyeval.policy.model import Formula, Slot, ValidPolicy
from policyeval.policy.terms import apply


@dataclass(frozen=True, slots=True)
class Given:
    """What a formula gives for a case.

    Attributes:
        written: The value, so that no two that differ are written alike; empty where it hangs on what
            is open.
    """

    written: str
    value: object = None


_NOT_KNOWN: Final = Given("")


class Screening:
    """Compares mutants of a version with it; what a formula gives for a case is computed once."""

    def __init__(self, valid: ValidPolicy, constants: frozenset[str]) -> None:
        """Prepare to compare.

        Args:
            valid: The version.
            constants: The names that are the same for every transaction.
        """
        self._valid = valid
        self._constants = constants
        self._entries = frozenset(n for each in valid.policy.facts.values() for n in each.entries)
        self._units: dict[Formula, Unit] = {}
        self._given: dict[tuple[Formula, int], Given] = {}

    def differs(self, mutant: Mutant, trial: Trial) -> bool:
        """Tell whether a case may come out otherwise with a mutant."""
        if not mutant.pairs or _in_cells(mutant):
            return True
        if trial.case.presumed is not None and not _same_names(mutant):
            return True  # what is presumed also hangs on what is read
        if _is_reason(mutant, trial):
            return True
        return any(self._differs(mutant, ask) for ask in trial.asks)

    def is_constant(self, mutant: Mutant, ask: Ask) -> bool:
        """Tell whether what is changed gives the same for every transaction, by one of them."""
        formulas = [each for pair in mutant.pairs for each in pair if isinstance(each, Formula)]
        if len(formulas) != 2 * len(mutant.pairs) or not mutant.pairs or _in_cells(mutant):
            return False
        used = {
            each.name
            for formula in formulas
            for each in syntax.walk(formula.tree)
            if isinstance(each, syntax.Name) and each.name in self._valid.scope
        }
        return used <= self._constants and not self._differs(mutant, ask)

    def _differs(self, mutant: Mutant, ask: Ask) -> bool:
        if mutant.element.kind == "fact":
            # When an act is open matters only where it is not recorded.
            given = ask.environment.values.get(mutant.element.address[1])
            if not isinstance(given, Open):
                return False
        for before, after in mutant.pairs:
            value = self._slot(self._valid, before, ask)
            if value == "":
                return True
            other = (
                _written(after)
                if isinstance(after, bool)
                else self._slot(mutant.policy, after, ask)
            )
            if value != other:
                return True
        return False

    def given(self, mutant: Mutant, trial: Trial) -> Given | None:
        """Give what a changed formula gives for a case; None where that is not known.

        Nor where it is not one formula that is changed, or the case asks the version more than once.
        """
        match mutant.pairs, trial.asks:
            case ((Formula(), Formula() as after),), (ask,) if not _in_cells(mutant):
                found = self._formula(mutant.policy, after, ask)
                return found if found.written else None
            case _:
                return None

    def _slot(self, valid: ValidPolicy, slot: Slot, ask: Ask) -> str:
        """Compute what stands in a place, if all that may stand there comes to the same."""
        found = {self._formula(valid, each, ask).written for each in ask.terms.formulas(slot)}
        return found.pop() if len(found) == 1 else ""

    def _formula(self, valid: ValidPolicy, formula: Formula, ask: Ask) -> Given:
        key = formula, id(ask)
        given = self._given.get(key)
        if given is None:
            given = _given(self._unit(valid, formula), ask)
            if formula in self._valid.checked:
                self._given[key] = given
        return given

    def _unit(self, valid: ValidPolicy, formula: Formula) -> Unit:
        unit = self._units.get(formula)
        if unit is None:
            names = dict.fromkeys(
                each.name
                for each in syntax.walk(formula.tree)
                if isinstance(each, syntax.Name) and each.name in valid.scope
            )
            around = Surroundings(apply(valid), {}, self._entries)
            unit = Unit(around, formula, "", tuple(names))
            if formula in self._valid.checked:
                self._units[formula] = unit
        return unit


def _given(unit: Unit, ask: Ask) -> Given:
    """Compute a formula as far as is known."""
    values: Mapping[str, object] = ask.values
    given = [values[name] for name in unit.variables]
    environment = ask.environment
    if environment.growing.isdisjoint(unit.variables):
        found = unit.run(dict(ask.unknown), "", given)
    else:
        growing, asked_on = environment.growing, environment.asked_on
        found = unit.run_growing(dict(ask.unknown), "", given, growing, asked_on)
    value = shown(found)
    return _NOT_KNOWN if value is UNDECIDED else Given(_written(value), value)


def _written(value: object) -> str:
    """Write a value so that no two that differ are written alike."""
    return f"{type(value).__name__} {value!r}"


def _in_cells(mutant: Mutant) -> bool:
    """Tell whether a table's cell is changed, which is no formula by itself."""
    return any(
        isinstance(each, Formula) and isinstance(each.tree, syntax.UnaryTests)
        for each, _ in mutant.pairs
    )


def _same_names(mutant: Mutant) -> bool:
    return all(
        isinstance(before, Formula)
        and isinstance(after, Formula)
        and _names(before.tree) == _names(after.tree)
        for before, after in mutant.pairs
    )


def _names(tree: syntax.Node) -> frozenset[str]:
    return frozenset(
        each.name for each in syntax.walk(tree) if isinstance(each, syntax.Name | syntax.Path)
    )


def _is_reason(mutant: Mutant, trial: Trial) -> bool:
    """Tell whether a rule is dropped that may be a reason although nothing comes out otherwise."""
    decision = mutant.element.decision
    if mutant.operator != "dropped-rule" or mutant.element.kind not in {"requirement", "exclusion"}:
        return False
    return any(
        each.decision == decision and not (each.clauses is None and each.rules is None)
        for each in trial.case.expect
    )
