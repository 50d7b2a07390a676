"""Decision tables."""

from typing import Final, cast

from policyeval.feel import types
from policyeval.feel.tables.model import AGGREGATIONS, HIT_POLICIES, Aggregation, HitPolicy
from policyeval.feel.types import Type
from policyeval.messages import message
from policyeval.policy import yaml
from policyeval.policy.loading import declared, texts
from policyeval.policy.loading.formulas import formula, slot, tests
from policyeval.policy.loading.reader import Reader
from policyeval.policy.loading.rules import items_of, listed
from policyeval.policy.model import Table, TableInput, TableOutput, TableRule
from policyeval.policy.schema import words
from policyeval.policy.yaml import Entry, Mapping, Node

_LISTING: Final = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})


def table(reader: Reader, given: Entry, type_: Type | None) -> Table | None:
    """Read a table; `type_` is that of the decision, None if it could not be read."""
    node = reader.mapping(given.value)
    if node is None:
        return None
    hit_policy = reader.needed(node, "hit_policy", given.key)
    policy = reader.word(hit_policy.value, HIT_POLICIES) if hit_policy else None
    aggregation = yaml.find(node, "aggregation")
    aggregated = reader.word(aggregation.value, AGGREGATIONS) if aggregation else None
    reader.needed(node, "inputs", given.key)
    reader.needed(node, "rules", given.key)
    inputs = listed(reader, node, "inputs", _input)
    item = _result_type(type_, policy, aggregated)
    outputs = _outputs(reader, node, item)
    rules = listed(reader, node, "rules", _rule)
    _check_widths(reader, node)
    if policy is None or outputs is None:
        return None
    return Table(
        hit_policy=cast(HitPolicy, policy),
        inputs=inputs,
        outputs=outputs,
        rules=rules,
        aggregation=cast(Aggregation | None, aggregated),
        span=given.key.span,
    )


def _result_type(type_: Type | None, policy: str | None, aggregation: str | None) -> Type | None:
    """Give the type of one result: the decision's, or that of its items if results are listed."""
    base = None if type_ is None else types.required(type_)
    if policy in _LISTING and aggregation is None and isinstance(base, types.ListOf):
        return base.item
    return type_


def _input(reader: Reader, node: Node) -> TableInput | None:
    if not isinstance(node, Mapping):
        expression = formula(reader, node)
        return None if expression is None else TableInput(expression)
    entry = reader.needed(node, "expression")
    expression = formula(reader, entry.value) if entry else None
    values = yaml.find(node, "values")
    allowed = tests(reader, values.value) if values else None
    return None if expression is None else TableInput(expression, allowed)


def _outputs(reader: Reader, node: Mapping, type_: Type | None) -> tuple[TableOutput, ...] | None:
    if yaml.find(node, "outputs") is None:
        return None if type_ is None else (TableOutput(None, type_),)
    several = len(items_of(node, "outputs")) > 1

    def output(reader: Reader, node: Node) -> TableOutput | None:
        given = reader.mapping(node)
        if given is None:
            return None
        name, written = yaml.find(given, "name"), yaml.find(given, "type")
        if several and not (name and written):
            lacking = [key for key, entry in (("name", name), ("type", written)) if entry is None]
            words.missing(reader.problems, given, None, lacking)
        called = reader.string(name.value, "name") if name else None
        found = declared.decision_type(reader, written.value) if written else type_
        values, default = yaml.find(given, "values"), yaml.find(given, "default")
        allowed = tests(reader, values.value) if values else None
        otherwise = formula(reader, default.value) if default else None
        return None if found is None else TableOutput(called, found, allowed, otherwise)

    return listed(reader, node, "outputs", output)


def _rule(reader: Reader, node: Node) -> TableRule | None:
    given = reader.mapping(node)
    if given is None:
        return None
    id_ = reader.needed(given, "id")
    name = reader.string(id_.value, "name") if id_ else None
    when, then = reader.needed(given, "when"), reader.needed(given, "then")
    cells = [tests(reader, each) for each in reader.items(when.value)] if when else []
    results = [slot(reader, each) for each in reader.items(then.value)] if then else []
    because = texts.perhaps(reader, given, "because")
    clauses = reader.clauses(given)
    whens = tuple(each for each in cells if each is not None)
    thens = tuple(each for each in results if each is not None)
    if id_ is None or name is None or len(whens) < len(cells) or len(thens) < len(results):
        return None
    return TableRule(name, clauses, whens, thens, because, span=id_.value.span)


def _check_widths(reader: Reader, node: Mapping) -> None:
    """Report rules that have more or fewer cells than the table has columns."""
    inputs = len(items_of(node, "inputs"))
    outputs = len(items_of(node, "outputs")) or 1
    for rule in items_of(node, "rules"):
        if not isinstance(rule, Mapping):
            continue
        if inputs:
            _check_width(reader, rule, "when", inputs)
        _check_width(reader, rule, "then", outputs)


def _check_width(reader: Reader, rule: Mapping, key: str, columns: int) -> None:
    entry = yaml.find(rule, key)
    count = len(items_of(rule, key))
    if entry is None or not count or count == columns:
        return
    help_ = None
    if key == "when":
        text = message(
            "the rule must have one test for each input: it has {count}, and there are {columns}",
            count=count,
            columns=columns,
        )
        help_ = message("write `-` for any value") if count < columns else None
    else:
        text = message(
            "the rule must have one result for each output: it has {count}, and there are {columns}",
            count=count,
            columns=columns,
        )
    words.together(reader.problems, words.place_of(entry.value), text, help_)
