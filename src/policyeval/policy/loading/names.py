"""Names that formulas use: each may mean one thing only."""

from collections.abc import Iterable

from policyeval.feel.builtins import BUILTINS
from policyeval.feel.characters import normal
from policyeval.feel.tokens import KEYWORDS
from policyeval.messages import message
from policyeval.policy import yaml
from policyeval.policy.loading.events import HAPPENED
from policyeval.policy.loading.reader import Reader
from policyeval.policy.model import ASKED_ON
from policyeval.policy.yaml import Entry, Mapping, Scalar

NAMED = ("facts", "parameters", "decisions")
"""The sections whose names formulas use."""

# `item` and `partial` mean something in filters and loops.
_RESERVED = frozenset({*KEYWORDS, ASKED_ON, HAPPENED, "instance", "item", "partial"})


def entries_with_names(root: Mapping) -> list[Entry]:
    """Give all entries that formulas know by their names, in the order of the file."""
    sections = [yaml.find(root, each) for each in NAMED]
    found = [
        entry
        for each in sections
        if each is not None and isinstance(each.value, Mapping)
        for entry in each.value.entries
    ]
    return sorted(found, key=lambda each: each.key.span)


def check_names(reader: Reader, given: Iterable[Entry]) -> None:
    """Report names that are taken already, or that mean something else in a formula.

    To be called when all formulas are read: a name may be that of a built-in function which none of
    them calls.
    """
    first: dict[str, Scalar] = {}
    for each in given:
        name = normal(each.key.text)
        known = first.setdefault(name, each.key)
        if known is not each.key:
            reader.problems.report(
                "schema.name",
                message(
                    "`{name}` is the name of something else already, in line {line}",
                    name=name,
                    line=reader.source.position(known.span.start).line,
                ),
                each.key.span,
                message("facts, parameters and decisions share their names; change one of them"),
            )
        _check_meaning(reader, each.key)
        members = yaml.find(each.value, "entries") if isinstance(each.value, Mapping) else None
        if members is not None and isinstance(members.value, Mapping):
            for member in members.value.entries:
                _check_meaning(reader, member.key)


def _check_meaning(reader: Reader, key: Scalar) -> None:
    name = normal(key.text)
    if name in _RESERVED:
        reader.problems.report(
            "schema.name",
            message("`{name}` has a meaning of its own in expressions", name=name),
            key.span,
            message("choose another name"),
        )
    elif name in BUILTINS and name in reader.called:
        reader.problems.report(
            "schema.name",
            message(
                "`{name}` is also the function that is called in line {line}",
                name=name,
                line=reader.source.position(reader.called[name].start).line,
            ),
            key.span,
            message("choose another name"),
        )
