"""What the names of an expression stand for in the Python code: a chain of links, innermost first."""

from collections.abc import Mapping
from dataclasses import dataclass

from policyeval.feel.lowering.emit import Variable


@dataclass(frozen=True, slots=True)
class Entry:
    """A name that stands for an entry of the item under a filter."""

    item: Variable
    key: str


@dataclass(frozen=True, slots=True)
class Partial:
    """The name `partial`: the results of a `for` so far."""

    results: Variable


Meaning = Variable | Entry | Partial


@dataclass(frozen=True, slots=True)
class Names:
    """The names that can be used at a place: a chain, innermost first.

    A link either defines names, or is the item of a filter whose entries are not known before it
    runs (then any name may be one of them).
    """

    defined: Mapping[str, Meaning]
    item: Variable | None = None
    outer: "Names | None" = None

    def define(self, added: Mapping[str, Meaning]) -> "Names":
        """Add names that hide outer ones."""
        return Names(added, outer=self)

    def within(self, item: Variable) -> "Names":
        """Add the item of a filter."""
        return Names({}, item, self)

    def find(self, name: str) -> tuple[list[Variable], Meaning | None]:
        """Give the filters' items that may have an entry of this name, and what it means if not."""
        items: list[Variable] = []
        link: Names | None = self
        while link is not None:
            if link.item is not None:
                items.append(link.item)
                if name == "item":
                    return items, link.item
            if name in link.defined:
                return items, link.defined[name]
            link = link.outer
        return items, None
