"""Which mutants no case can notice, as far as that can be seen from the text.

What is found here is so for all facts; what is not found may still be so.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from policyeval.analysis.difference.equivalence import Side
from policyeval.analysis.difference.equivalence import equivalent as same
from policyeval.analysis.difference.totality import Totality
from policyeval.analysis.mutation.model import Mutant
from policyeval.analysis.mutation.questions import Questions
from policyeval.analysis.mutation.splicing import Splicing
from policyeval.feel import syntax, types
from policyeval.feel.checker import check
from policyeval.feel.syntax import ComparisonOperator, Expression
from policyeval.messages import Message, message
from policyeval.policy.model import Choice, Formula, ValidPolicy
from policyeval.policy.validation.uses import free_names
from policyeval.source import Source

_Signs = frozenset[int]
"""How two values may lie to each other: the first before the other (-1), at it (0), after it (1)."""

_HOLDS: Final[Mapping[ComparisonOperator, _Signs]] = {
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    "=": frozenset({0}),
    "!=": frozenset({-1, 1}),
    ">=": frozenset({0, 1}),
    ">": frozenset({1}),
}
_ANY: Final[_Signs] = frozenset({-1, 0, 1})
_AT: Final[_Signs] = frozenset({0})


def equivalent(valid: ValidPolicy, questions: Questions, mutant: Mutant) -> Message | None:
    """Say why no case can notice a mutant; None if that cannot be shown."""
    if not mutant.questions:
        return _not_in_force(questions, mutant) or message("no question depends on it")
    if mutant.operator == "dropped-rule":
        return _never_matters(valid, questions, mutant)
    match mutant.pairs:
        case ((Formula() as before, Formula() as after),):
            return _same_result(valid, questions, mutant, before, after)
        case _:
            return None


# ------------------------------------------------------------------------------- what does not count


def _not_in_force(questions: Questions, mutant: Mutant) -> Message | None:
    """Say which reading is settled otherwise than what is changed."""
    keys, slots = mutant.slot, mutant.element.slots
    start = next((each for each in slots if keys[: len(each)] == each), None)
    slot = None if start is None else slots[start]
    for key in keys[len(start or ()) :]:
        if not isinstance(slot, Choice):
            return None
        in_force = questions.options(slot)
        if key not in in_force:
            return message(
                "the reading `{reading}` is settled as {options}",
                reading=slot.reading,
                options=", ".join(f"`{each}`" for each in in_force),
            )
        slot = slot.options[key]
    return None


def _never_matters(valid: ValidPolicy, questions: Questions, mutant: Mutant) -> Message | None:
    """Say that a rule which is dropped had no effect."""
    for before, as_if in mutant.pairs:
        if any(
            each.tree != syntax.BooleanLiteral(bool(as_if)) for each in questions.formulas(before)
        ):
            return None
    element = mutant.element
    decision = valid.policy.decisions.get(element.decision or "")
    if not mutant.pairs or (element.kind == "requirement"):
        return None  # a requirement that is met is a reason
    if element.kind == "exclusion" and (decision is None or not decision.requires):
        return None  # so is an exclusion that does not hold, where there is no requirement
    return message("its condition is always the same, as if there were none")


# ------------------------------------------------------------------------------- the same result


def _same_result(
    valid: ValidPolicy, questions: Questions, mutant: Mutant, before: Formula, after: Formula
) -> Message | None:
    one, other = before.tree, after.tree
    if isinstance(one, syntax.UnaryTests) or isinstance(other, syntax.UnaryTests):
        return None
    if _alike(valid, before, after):
        return message("it means the same")
    found = _changed_comparison(one, other)
    if found is None:
        return None
    was, now = found
    may_be = _ANY
    for each in (*_consistent(valid, questions, mutant), *_beside(one, was)):
        may_be &= _signs(each, was)
    differs = (_HOLDS[was.operator] ^ _HOLDS[now.operator]) & may_be
    if not differs:
        return message("other conditions leave no facts for which it would make a difference")
    if differs <= _AT and _same_where_equal(valid, before, after, was, now):
        return message("it differs only where both sides are equal, and gives the same there")
    return None


def _alike(valid: ValidPolicy, one: Formula, other: Formula) -> bool:
    """Tell whether two formulas can be shown to mean the same."""
    totality = Totality(valid)
    sides = []
    for each in (one, other):
        assert not isinstance(each.tree, syntax.UnaryTests)
        checked = check(each.tree, valid.scope, Source(each.text), "strict")
        if any(problem.severity == "error" for problem in checked.diagnostics):
            return False
        sides.append(Side(each.tree, checked, totality))
    return same(*sides)


def _changed_comparison(
    one: Expression, other: Expression
) -> tuple[syntax.Comparison, syntax.Comparison] | None:
    """Give the only comparison in which two trees differ, if they differ in its operator alone."""
    pending: list[tuple[syntax.Node, syntax.Node]] = [(one, other)]
    found: tuple[syntax.Comparison, syntax.Comparison] | None = None
    while pending:
        a, b = pending.pop()
        if a == b:
            continue
        if (
            isinstance(a, syntax.Comparison)
            and isinstance(b, syntax.Comparison)
            and (a.left, a.right) == (b.left, b.right)
        ):
            if found is not None:
                return None
            found = a, b
            continue
        below, beside = tuple(syntax.children(a)), tuple(syntax.children(b))
        if type(a) is not type(b) or len(below) != len(beside) or below == beside:
            return None  # they differ in themselves
        pending += zip(below, beside, strict=True)
    return found


# ------------------------------------------------------------------------------- what else is known


def _consistent(
    valid: ValidPolicy, questions: Questions, mutant: Mutant
) -> Iterator[syntax.Comparison]:
    """Give the comparisons that hold for every transaction."""
    for rule in valid.policy.consistent_when:
        formulas = tuple(questions.formulas(rule.condition))
        if len(formulas) == 1 and mutant.element.address != ("consistent_when", rule.id):
            yield from _conjuncts(formulas[0].tree)


def _beside(tree: Expression, comparison: syntax.Comparison) -> Iterator[syntax.Comparison]:
    """Give the comparisons that must hold as well where one matters: those that it is joined with."""
    for node in syntax.walk(tree):
        if isinstance(node, syntax.Conjunction):
            for each in node.operands:
                if each is comparison:
                    others = (other for other in node.operands if other is not each)
                    yield from (other for other in others if isinstance(other, syntax.Comparison))


def _conjuncts(tree: syntax.Node) -> Iterator[syntax.Comparison]:
    match tree:
        case syntax.Comparison():
            yield tree
        case syntax.Conjunction(operands):
            for each in operands:
                yield from _conjuncts(each)
        case _:
            pass


def _signs(known: syntax.Comparison, asked: syntax.Comparison) -> _Signs:
    """Give how the sides of a comparison may lie to each other where another one holds."""
    if (known.left, known.right) == (asked.left, asked.right):
        return _HOLDS[known.operator]
    if (known.right, known.left) == (asked.left, asked.right):
        return frozenset(-each for each in _HOLDS[known.operator])
    return _ANY


# ------------------------------------------------------------------------------- both sides equal


def _same_where_equal(
    valid: ValidPolicy,
    before: Formula,
    after: Formula,
    was: syntax.Comparison,
    now: syntax.Comparison,
) -> bool:
    """Tell whether two formulas are the same where both sides of a comparison are."""
    if _is_bound(before, was) or valid.scope.get(_name(was.left)) == types.DATE_AND_TIME:
        return False  # the same moment may be written with another offset
    for name, value in ((was.left, was.right), (was.right, was.left)):
        if not isinstance(name, syntax.Name):
            continue
        instead = f"({before.text[value.span.start : value.span.end]})"
        one = _with(valid, before, was, name.name, instead)
        other = _with(valid, after, now, name.name, instead)
        if one is not None and other is not None and _alike(valid, one, other):
            return True
    return False


def _name(node: syntax.Node) -> str:
    return node.name if isinstance(node, syntax.Name) else ""


def _is_bound(formula: Formula, comparison: syntax.Comparison) -> bool:
    """Tell whether a comparison stands where names may mean something else."""
    return any(
        isinstance(
            node,
            syntax.Quantified
            | syntax.For
            | syntax.Filter
            | syntax.FunctionLiteral
            | syntax.ContextLiteral,
        )
        and any(each is comparison for each in syntax.walk(node))
        for node in syntax.walk(formula.tree)
    )


def _with(
    valid: ValidPolicy, formula: Formula, comparison: syntax.Comparison, name: str, instead: str
) -> Formula | None:
    """Give a formula with a comparison decided for equal sides, and one side in place of the other."""
    decided = "true" if 0 in _HOLDS[comparison.operator] else "false"
    edits = [(comparison.span, decided)]
    for each in free_names(formula.tree, valid.checked.get(formula)):
        inside = comparison.span.start <= each.span.start < comparison.span.end
        written = formula.text[each.span.start : each.span.end]
        if each.name == name and written == name and not inside:
            edits.append((each.span, instead))
    text = formula.text
    for span, new in sorted(edits, key=lambda edit: edit[0].start, reverse=True):
        text = text[: span.start] + new + text[span.end :]
    return Splicing(valid, formula, "", frozenset()).parsed(text)
