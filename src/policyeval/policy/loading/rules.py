"""Requirements, exclusions, remarks: what has an id, a condition and words."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from policyeval.messages import message
from policyeval.policy import yaml
from policyeval.policy.loading import texts
from policyeval.policy.loading.formulas import slot
from policyeval.policy.loading.reader import Reader
from policyeval.policy.model import Remark, Rule
from policyeval.policy.yaml import Mapping, Node, Scalar
from policyeval.source import Span

T = TypeVar("T")


def listed(
    reader: Reader, parent: Mapping, key: str, read: Callable[[Reader, Node], T | None]
) -> tuple[T, ...]:
    """Read the items that stand under a key, if it is there."""
    entry = yaml.find(parent, key)
    found = (read(reader, each) for each in reader.items(entry.value)) if entry else ()
    return tuple(each for each in found if each is not None)


def requirement(reader: Reader, node: Node) -> Rule | None:
    """Read what must hold."""
    return _rule(reader, node, "that")


def exclusion(reader: Reader, node: Node) -> Rule | None:
    """Read what must not hold."""
    return _rule(reader, node, "when")


def _rule(reader: Reader, node: Node, key: str) -> Rule | None:
    given = reader.mapping(node)
    if given is None:
        return None
    id_ = reader.needed_string(given, "id", "name")
    entry = reader.needed(given, key)
    condition = None if entry is None else slot(reader, entry.value, entry.key)
    because = texts.needed(reader, given, "because")
    otherwise = texts.perhaps(reader, given, "otherwise")
    clauses = reader.clauses(given)
    if id_ is None or condition is None or because is None:
        return None
    return Rule(id_, clauses, condition, because, otherwise, span=_id(given))


def remark(reader: Reader, node: Node) -> Remark | None:
    """Read what is said where a condition holds."""
    given = reader.mapping(node)
    if given is None:
        return None
    id_ = reader.needed_string(given, "id", "name")
    entry = yaml.find(given, "when")
    condition = None if entry is None else slot(reader, entry.value, entry.key)
    say = texts.needed(reader, given, "say")
    clauses = reader.clauses(given)
    if id_ is None or say is None or (entry is not None and condition is None):
        return None
    return Remark(id_, clauses, condition, say, span=_id(given))


def unique_ids(reader: Reader, nodes: Iterable[Node]) -> None:
    """Report ids that two rules of a decision, or of a list, have in common."""
    first: dict[str, Scalar] = {}
    for node in nodes:
        entry = yaml.find(node, "id") if isinstance(node, Mapping) else None
        if entry is None or not isinstance(entry.value, Scalar):
            continue
        known = first.setdefault(entry.value.text, entry.value)
        if known is not entry.value:
            reader.problems.report(
                "schema.name",
                message(
                    "the id `{name}` is given twice: here and in line {line}",
                    name=entry.value.text,
                    line=reader.source.position(known.span.start).line,
                ),
                entry.value.span,
                message("give one of them another id"),
            )


def items_of(node: Mapping, key: str) -> tuple[Node, ...]:
    """Give the items of a list that may be there."""
    entry = yaml.find(node, key)
    return entry.value.items if entry and isinstance(entry.value, yaml.Sequence) else ()


def _id(node: Mapping) -> Span:
    entry = yaml.find(node, "id")
    return entry.value.span if entry else node.span
