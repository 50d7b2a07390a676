"""Small policies made by hand, for the tests of the backends."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import cast

import pytest

from policyeval.diagnostics import Diagnostic
from policyeval.facts.model import NEVER, Between, Environment, OneOf, Open
from policyeval.feel import syntax, types
from policyeval.feel.checker import Checked, check
from policyeval.feel.limits import Limits
from policyeval.feel.parser import parse, parse_unary_tests
from policyeval.feel.tables import Aggregation, DecisionTable, HitPolicy
from policyeval.feel.types import Type
from policyeval.feel.unparser import unparse
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
    Table,
    TableInput,
    TableOutput,
    TableRule,
    Text,
    ValidPolicy,
    happened_name,
    never_name,
)
from policyeval.policy.terms import Terms, apply
from policyeval.policy.yaml import Scalar
from policyeval.source import Source, Span

NOWHERE = Span(0, 0)
LIMITS = Limits(length=100_000, depth=64, nodes=20_000)
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
        self.formulas: list[Formula] = []
        self.tested: dict[Formula, Type] = {}

    def slot(self, written: object) -> Slot:
        if isinstance(written, Mapping):
            options = {name: self.slot(each) for name, each in written.items() if name != "by"}
            return Choice(str(written["by"]), options, span=NOWHERE)
        if isinstance(written, syntax.Node):
            assert isinstance(written, syntax.Expression)
            written = unparse(written)
        assert isinstance(written, str)
        return self.formula(
            parse(Source(written), {*self.scope, "happened"}, limits=LIMITS), written
        )

    def tests(self, written: str, kind: Type) -> Formula:
        made = self.formula(parse_unary_tests(Source(written), self.scope), written)
        self.tested[made] = kind
        return made

    def formula(self, parsed: syntax.Expression | syntax.UnaryTests, written: str) -> Formula:
        tree = with_event_names(
            parsed,
            [name for name, each in self.facts.items() if each.kind == "event"],
            [],
            refuse=lambda node: pytest.fail(str(node)),
        )
        start = len(self.text) + 2
        self.text += f"- {written}\n"
        scalar = Scalar(written, "plain", span=Span(start, start + len(written)), pieces=())
        formula = Formula(written, tree, scalar, Source(""))
        self.formulas.append(formula)
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
            `excluded_if`, `remarks` (lists of expressions) and `covers`, or `table` with a
            `feel.tables.DecisionTable`, whose inputs and outputs have types.
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
    for formula in writing.formulas:
        checked[formula] = check(
            formula.tree,
            scope,
            Source(formula.text),
            "strict",
            input_type=writing.tested.get(formula, types.ANY),
        )
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

    if "table" in written:
        table = _table(writing, type_, written["table"])
        return Decision(name, type_, TEXT, None, (), table=table, span=NOWHERE)

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


def _table(writing: Writing, type_: Type, written: DecisionTable) -> Table:
    inputs = tuple(
        TableInput(
            writing.formula(parse(Source(each.expression), writing.scope), each.expression),
            None if each.values is None else writing.tests(each.values, _type(each.type)),
        )
        for each in written.inputs
    )
    single = len(written.outputs) == 1
    outputs = tuple(
        TableOutput(
            None if single else each.name,
            type_ if single and each.type is None else _type(each.type),
            None if each.values is None else writing.tests(each.values, _type(each.type)),
            None
            if each.default is None
            else writing.formula(parse(Source(each.default), writing.scope), each.default),
        )
        for each in written.outputs
    )
    rows = tuple(
        TableRule(
            f"row_{n}",
            (),
            tuple(
                writing.tests(cell, _type(column.type))
                for cell, column in zip(row.when, written.inputs, strict=True)
            ),
            tuple(writing.slot(each) for each in row.then),
            span=NOWHERE,
        )
        for n, row in enumerate(written.rules)
    )
    return Table(
        cast(HitPolicy, written.hit_policy),
        inputs,
        outputs,
        rows,
        cast(Aggregation | None, written.aggregation),
        span=NOWHERE,
    )


def _type(type_: object) -> Type:
    assert not isinstance(type_, str)
    assert type_ is not None
    return cast(Type, type_)
