"""Small policies made by hand, for the tests of the backends."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import pytest

from policyeval.diagnostics import Diagnostic
from policyeval.facts.model import NEVER, Between, Environment, OneOf, Open
from policyeval.feel import types
from policyeval.feel.checker import Checked, check
from policyeval.feel.parser import parse
from policyeval.feel.types import Type
from policyeval.policy.loading.events import with_event_names
from policyeval.policy.model import (
    ASKED_ON,
    Act,
    Choice,
    Coverage,
    Decision,
    Fact,
    Formula,
    Governing,
    Judgement,
    Option,
    Parameter,
    Policy,
    Programme,
    Reading,
    Remark,
    Rule,
    Slot,
    SourceText,
    Text,
    ValidPolicy,
    happened_name,
    never_name,
)
from policyeval.policy.terms import Terms, apply
from policyeval.policy.yaml import Scalar
from policyeval.source import Source, Span

NOWHERE = Span(0, 0)
TEXT = Text({}, span=NOWHERE)
ASKED = date(2024, 3, 1)

Written = str | Mapping[str, object]
"""An expression, or `{"by": reading, option: …}`."""


def event(name: str, low: date = ASKED) -> Open:
    """An event that has not happened."""
    return Open(name, "event", (Between(low, date(2200, 1, 1)), OneOf((NEVER,))))


def unknown(name: str) -> Open:
    """A fact that was not given."""
    return Open(name, "fact", ())


def act(name: str) -> Open:
    """An act that was not recorded."""
    return Open(name, "act", ())


def environment(
    values: Mapping[str, object], *, asked_on: date = ASKED, growing: Sequence[str] = ()
) -> Environment:
    """The facts of a transaction."""
    return Environment(asked_on, values, growing=frozenset(growing))  # type: ignore[arg-type]  # as the tests want them


class Writing:
    """A policy file in the making: one expression per line."""

    def __init__(self, facts: Mapping[str, Fact], scope: Mapping[str, Type]) -> None:
        self.facts = facts
        self.scope = dict(scope)
        self.text = "# made by hand\n"
        self.formulas: list[tuple[Formula, str]] = []

    def slot(self, written: object) -> Slot:
        if isinstance(written, Mapping):
            options = {name: self.slot(each) for name, each in written.items() if name != "by"}
            return Choice(str(written["by"]), options, span=NOWHERE)
        assert isinstance(written, str)
        tree = with_event_names(
            parse(Source(written), {*self.scope, "happened"}),
            [name for name, each in self.facts.items() if each.kind == "event"],
            [],
            refuse=lambda node: pytest.fail(str(node)),
        )
        start = len(self.text) + 2
        self.text += f"- {written}\n"
        scalar = Scalar(written, "plain", span=Span(start, start + len(written)), pieces=())
        formula = Formula(written, tree, scalar, Source(""))
        self.formulas.append((formula, written))
        return formula


def fact(name: str, kind: str, type_: Type, **more: object) -> Fact:
    return Fact(name, type_, kind, TEXT, span=NOWHERE, **more)  # type: ignore[arg-type]


def terms(
    facts: Mapping[str, tuple[str, Type]],
    decisions: Mapping[str, tuple[Type, object]],
    *,
    parameters: Mapping[str, tuple[Type, object]] | None = None,
    readings: Mapping[str, Sequence[str]] | None = None,
    open_when: Mapping[str, str] | None = None,
    entries: Mapping[str, tuple[str, Mapping[str, Type]]] | None = None,
    moved: Mapping[str, str] | None = None,
    consistent_when: Sequence[str] = (),
    adopted: Mapping[str, str] | None = None,
) -> Terms:
    """Make terms.

    Args:
        facts: Name to kind and type.
        decisions: Name to type and what it is: an expression, or a mapping of `requires`,
            `excluded_if`, `remarks` (lists of expressions) and `covers`.
        parameters: Name to type and expression.
        readings: Name to options.
        open_when: Act to expression.
        entries: Log to the entry of the moment and the types of its entries.
        moved: Decision to calendar.
        consistent_when: Expressions.
        adopted: Reading to the option adopted.
    """
    parameters = parameters or {}
    made: dict[str, Fact] = {}
    for name, (kind, type_) in facts.items():
        made[name] = fact(name, kind, type_)
    for name, (log, of_log) in (entries or {}).items():
        inner = {key: fact(key, "plain", type_) for key, type_ in of_log.items()}
        listed = types.ListOf(types.ContextOf(of_log))
        made[name] = fact(name, "log", listed, log=log, entries=inner)
    scope: dict[str, Type] = {ASKED_ON: types.DATE}
    scope |= {name: each.type for name, each in made.items()}
    scope |= {name: each for name, (each, _) in (*parameters.items(), *decisions.items())}
    for name, each in made.items():
        if each.kind == "event":
            scope |= {happened_name(name): types.BOOLEAN, never_name(name): types.BOOLEAN}
    writing = Writing(made, scope)
    for name, each in made.items():
        if each.kind == "act":
            condition = (open_when or {}).get(name)
            slot = None if condition is None else writing.slot(condition)
            made[name] = dataclasses.replace(each, act=Act("vendor", (), slot))
    settled = {
        name: Parameter(name, writing.slot(value), (), TEXT, span=NOWHERE)
        for name, (_, value) in parameters.items()
    }
    decided = {name: _decision(writing, name, *each) for name, each in decisions.items()}
    rules = tuple(
        Rule(f"consistent_{n}", (), writing.slot(each), TEXT, span=NOWHERE)
        for n, each in enumerate(consistent_when)
    )
    source = Source(writing.text, "policies/made-up/2024-01-01.yaml")
    policy = Policy(
        "made-up",
        "2024-01-01",
        None,
        None,
        datetime(2024, 1, 1, tzinfo=UTC),
        SourceText("made-up.txt", "en"),
        {},
        settled,
        made,
        {name: _reading(name, each, adopted or {}) for name, each in (readings or {}).items()},
        decided,
        rules,
        (),
        {},
        "",
        source,
    )
    governing = Governing(_reading("governed_by", ("a",), {}), {}, {})
    programme = Programme("made-up", TEXT, "UTC", None, {}, governing, (), "", source)
    checked: dict[Formula, Checked] = {}
    for formula, _ in writing.formulas:
        checked[formula] = check(formula.tree, scope, Source(formula.text), "strict")
        found: list[Diagnostic] = [
            each for each in checked[formula].diagnostics if each.severity == "error"
        ]
        assert not found, [each.message.text() for each in found]
    order = (*settled, *decided)
    applied = apply(ValidPolicy(policy, programme, scope, checked, order))
    return dataclasses.replace(applied, moved=dict(moved or {}))


def _reading(name: str, options: Sequence[str], adopted: Mapping[str, str]) -> Reading:
    made = {each: Option(each, TEXT, span=NOWHERE) for each in options}
    chosen = None
    if name in adopted:
        chosen = adopted[name], Judgement("authors", date(2024, 1, 1), TEXT)
    return Reading(name, (), "A1", TEXT, made, chosen, span=NOWHERE)


def _decision(writing: Writing, name: str, type_: Type, written: object) -> Decision:
    if not isinstance(written, Mapping) or "by" in written:
        value = writing.slot(written)
        return Decision(name, type_, TEXT, None, (), value=value, span=NOWHERE)

    def rules(key: str) -> tuple[Rule, ...]:
        each = written.get(key, ())
        return tuple(
            Rule(f"{key}_{n}", (), writing.slot(one), TEXT, span=NOWHERE)
            for n, one in enumerate(each)
        )

    covers = written.get("covers")
    remarks = tuple(
        Remark(f"remark_{n}", (), writing.slot(each), TEXT, span=NOWHERE)
        for n, each in enumerate(written.get("remarks", ()))
    )
    return Decision(
        name,
        type_,
        TEXT,
        None,
        (),
        covers=None if covers is None else Coverage(writing.slot(covers)),
        requires=rules("requires"),
        excluded_if=rules("excluded_if"),
        remarks=remarks,
        span=NOWHERE,
    )
