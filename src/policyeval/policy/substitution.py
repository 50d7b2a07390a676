"""A version with other formulas in some places, checked anew: what would be so if it said otherwise."""

from collections.abc import Callable
from dataclasses import replace

from policyeval.errors import ExpressionError, PolicyError
from policyeval.feel import parser, syntax, types
from policyeval.feel.checker import Checked, check
from policyeval.policy.loading.events import with_event_names
from policyeval.policy.model import (
    Act,
    Choice,
    Coverage,
    Decision,
    Fact,
    Formula,
    Policy,
    Remark,
    Rule,
    Slot,
    Table,
    ValidPolicy,
)
from policyeval.policy.validation import check_policy
from policyeval.policy.validation.uses import free_names
from policyeval.policy.yaml import Scalar
from policyeval.policy.yaml.nodes import Piece
from policyeval.source import Source

Change = Callable[[Slot], Slot]
"""Gives what stands in a place of a version in another; places are told apart by identity."""


def with_text(valid: ValidPolicy, formula: Formula, text: str) -> ValidPolicy | None:
    """Give a version in which one formula has another text; None if that cannot be.

    Args:
        valid: The version.
        formula: One of its own, by identity.
        text: As the file would have it.
    """
    other = _formula(valid.policy, formula, text)
    if other is None:
        return None
    policy = changed(valid.policy, lambda slot: other if slot is formula else slot)
    checked = _fits(valid, formula, other)
    if checked is not None:
        return replace(valid, policy=policy, checked={**valid.checked, other: checked})
    return checked_anew(valid, policy)


def checked_anew(valid: ValidPolicy, policy: Policy) -> ValidPolicy | None:
    """Check another policy of the same programme as a whole; None if it cannot be used."""
    try:
        return check_policy(policy, valid.programme)
    except PolicyError:
        return None


def _formula(policy: Policy, formula: Formula, text: str) -> Formula | None:
    tests = isinstance(formula.tree, syntax.UnaryTests)
    read = parser.parse_unary_tests if tests else parser.parse
    try:
        tree = read(Source(text), (*policy.facts, *policy.parameters, *policy.decisions))
    except ExpressionError:
        return None
    refused: list[syntax.Call] = []
    events = {name for name, each in policy.facts.items() if each.kind == "event"}
    members = {name for each in policy.facts.values() for name in each.entries}
    tree = with_event_names(tree, events, members, refused.append)
    if refused:
        return None
    span = formula.scalar.span
    as_a_whole = (Piece(0, span.start, span.end, False),)
    return Formula(text, tree, Scalar(text, "plain", span=span, pieces=as_a_whole), formula.source)


def _fits(valid: ValidPolicy, old: Formula, new: Formula) -> Checked | None:
    """Give the types of a formula that can stand in another's place without further questions."""
    before = valid.checked.get(old)
    if before is None or isinstance(new.tree, syntax.UnaryTests):
        return None
    if isinstance(old.tree, syntax.UnaryTests):
        return None
    known = {each.name for each in free_names(old.tree, before)}
    found = check(new.tree, valid.scope, Source(new.text), "strict")
    if any(each.severity == "error" for each in found.diagnostics):
        return None
    if not {each.name for each in free_names(new.tree, found)} <= known:
        return None  # there might be a circle
    given, wanted = found.type_of(new.tree), before.type_of(old.tree)
    return found if types.conforms(given, wanted) else None


# ------------------------------------------------------------------------------- other places


def changed(policy: Policy, change: Change) -> Policy:
    """Give a policy with something else in its places; it is not checked."""

    def slot(each: Slot) -> Slot:
        other = change(each)
        if other is not each or isinstance(each, Formula):
            return other
        options = {name: slot(option) for name, option in each.options.items()}
        same = all(options[name] is option for name, option in each.options.items())
        return each if same else Choice(each.reading, options, span=each.span)

    return replace(
        policy,
        parameters={
            name: replace(each, value=slot(each.value)) for name, each in policy.parameters.items()
        },
        facts={name: _fact(each, slot) for name, each in policy.facts.items()},
        decisions={name: _decision(each, slot) for name, each in policy.decisions.items()},
        consistent_when=_rules(policy.consistent_when, slot),
        remarks=_remarks(policy.remarks, slot),
    )


def _fact(fact: Fact, slot: Change) -> Fact:
    act = fact.act
    if act is None or act.open_when is None:
        return fact
    return replace(fact, act=Act(act.by, act.clauses, slot(act.open_when)))


def _decision(decision: Decision, slot: Change) -> Decision:
    covers = decision.covers
    return replace(
        decision,
        covers=covers and Coverage(slot(covers.condition), covers.clauses, covers.because),
        value=None if decision.value is None else slot(decision.value),
        table=decision.table and _table(decision.table, slot),
        requires=_rules(decision.requires, slot),
        excluded_if=_rules(decision.excluded_if, slot),
        remarks=_remarks(decision.remarks, slot),
    )


def _rules(rules: tuple[Rule, ...], slot: Change) -> tuple[Rule, ...]:
    return tuple(replace(each, condition=slot(each.condition)) for each in rules)


def _remarks(remarks: tuple[Remark, ...], slot: Change) -> tuple[Remark, ...]:
    return tuple(
        each if each.condition is None else replace(each, condition=slot(each.condition))
        for each in remarks
    )


def _table(table: Table, slot: Change) -> Table:
    def formula(each: Formula) -> Formula:
        found = slot(each)
        assert isinstance(found, Formula), "no choice stands in this place of a table"
        return found

    return replace(
        table,
        inputs=tuple(
            replace(
                each,
                expression=formula(each.expression),
                values=each.values and formula(each.values),
            )
            for each in table.inputs
        ),
        outputs=tuple(
            replace(
                each,
                values=each.values and formula(each.values),
                default=each.default and formula(each.default),
            )
            for each in table.outputs
        ),
        rules=tuple(
            replace(
                each,
                when=tuple(formula(cell) for cell in each.when),
                then=tuple(slot(cell) for cell in each.then),
            )
            for each in table.rules
        ),
    )
