"""Decisions: the questions that a policy answers."""

from policyeval.feel.characters import normal
from policyeval.policy import yaml
from policyeval.policy.loading import declared, texts
from policyeval.policy.loading.formulas import BY, slot
from policyeval.policy.loading.reader import Reader
from policyeval.policy.loading.rules import (
    exclusion,
    items_of,
    listed,
    remark,
    requirement,
    unique_ids,
)
from policyeval.policy.loading.tables import table
from policyeval.policy.model import Coverage, Decision
from policyeval.policy.schema import words
from policyeval.policy.yaml import Entry, Mapping

_FORMATS = ("money", "percent")
_WAYS = ("value", "table", "requires", "excluded_if")


def decision(reader: Reader, given: Entry) -> Decision | None:
    """Read a decision."""
    node = reader.mapping(given.value)
    if node is None:
        return None
    named = reader.written(given.key, "name")
    written = reader.needed(node, "type", given.key)
    type_ = None if written is None else declared.decision_type(reader, written.value)
    if all(yaml.find(node, each) is None for each in _WAYS):
        words.one_needed(reader.shape, node, given.key, _WAYS)
    covers, value = yaml.find(node, "covers"), yaml.find(node, "value")
    rows, format_ = yaml.find(node, "table"), yaml.find(node, "format")
    question, label = texts.perhaps(reader, node, "question"), texts.perhaps(reader, node, "label")
    clauses = reader.clauses(node)
    coverage = _coverage(reader, covers) if covers else None
    formula = slot(reader, value.value, value.key) if value else None
    read_table = table(reader, rows, type_) if rows else None
    requires = listed(reader, node, "requires", requirement)
    excluded_if = listed(reader, node, "excluded_if", exclusion)
    remarks = listed(reader, node, "remarks", remark)
    shown = reader.word(format_.value, _FORMATS) if format_ else None
    rules = [each for key in ("requires", "excluded_if", "remarks") for each in items_of(node, key)]
    if rows and isinstance(rows.value, Mapping):
        rules += items_of(rows.value, "rules")
    unique_ids(reader, rules)
    if type_ is None or not named:
        return None
    return Decision(
        name=normal(given.key.text),
        type=type_,
        question=question,
        label=label,
        clauses=clauses,
        covers=coverage,
        value=formula,
        table=read_table,
        requires=requires,
        excluded_if=excluded_if,
        remarks=remarks,
        format=shown,
        span=given.key.span,
    )


def _coverage(reader: Reader, given: Entry) -> Coverage | None:
    node = given.value
    if not isinstance(node, Mapping) or yaml.find(node, BY) is not None:
        condition = slot(reader, node, given.key)
        return None if condition is None else Coverage(condition)
    when = reader.needed(node, "when", given.key)
    condition = slot(reader, when.value, when.key) if when else None
    because = texts.perhaps(reader, node, "because")
    clauses = reader.clauses(node)
    return None if condition is None else Coverage(condition, clauses, because)
