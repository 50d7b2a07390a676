"""What parts of a version are called in another: the same, or what they were renamed to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from policyeval.policy.addresses import Address
from policyeval.policy.elements import Element
from policyeval.policy.model import Field, Text, happened_name, never_name

Plain = None | bool | str | tuple[str, ...] | Mapping[str, str]
"""Something that is declared and not computed: a type, an option, clauses."""


@dataclass(frozen=True, slots=True)
class Renaming:
    """The parts of the later version that have another name, or another place, than in the earlier.

    Attributes:
        places: Address in the earlier version to that in the later.
        names: Later to earlier name of facts, parameters and decisions, as formulas use them.
        ids: Likewise of clauses, readings and options, by what they are.
    """

    places: dict[Address, Address] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def record(self, before: Element, after: Element) -> None:
        """Take a part for a renamed one."""
        self.places[before.address] = after.address
        old, new = before.address[-1], after.address[-1]
        if before.kind in {"fact", "parameter", "decision"}:
            self.names[new] = old
        if before.kind == "fact":
            self.names[happened_name(new)] = happened_name(old)
            self.names[never_name(new)] = never_name(old)
        elif before.kind in {"clause", "reading"}:
            self.ids[before.kind, new] = old
        elif before.kind == "option":
            self.ids["option", f"{after.address[1]}.{new}"] = old

    def place(self, address: Address) -> Address:
        """Give where something of the earlier version stands in the later one."""
        for length in range(len(address), 0, -1):
            moved = self.places.get(address[:length])
            if moved is not None:
                return (*moved, *address[length:])
        return address

    def rules(self) -> Mapping[tuple[str, str], str]:
        """Give what a rule of a decision of the later version is called in the earlier, if otherwise."""
        return {
            (new[1], new[-1]): old[-1]
            for old, new in self.places.items()
            if new[0] == "decisions" and len(new) > 3 and new[2] != "remarks"
        }

    def clauses(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Give what clauses of the later version are called in the earlier."""
        return tuple(self.ids.get(("clause", each), each) for each in ids)

    def reading(self, name: str) -> str:
        """Give what a reading of the later version is called in the earlier."""
        return self.ids.get(("reading", name), name)

    def option(self, reading: str, name: str) -> str:
        """Give what an option of the later version is called in the earlier."""
        return self.ids.get(("option", f"{reading}.{name}"), name)

    def plain(self, address: Address, key: str, value: Plain) -> Plain:
        """Give something declared in the later version in the names of the earlier."""
        match key, value:
            case "clause", tuple():
                return self.clauses(value)
            case "moves", tuple():
                return tuple(self.names.get(each, each) for each in value)
            case "adopted", str():
                return self.option(address[-1], value)
            case "settles", dict():
                return {
                    self.reading(reading): self.option(reading, option)
                    for reading, option in value.items()
                }
            case _:
                return value


def written(text: Text, language: str, names: dict[str, str] | None = None) -> str:
    """Give a text as a file has it, on one line, with its fields in braces."""
    parts = (
        each if isinstance(each, str) else _field(each, names or {})
        for each in text.parts.get(language, ())
    )
    return " ".join("".join(parts).split())


def _field(given: Field, names: dict[str, str]) -> str:
    name = names.get(given.name, given.name)
    return f"{{{name}}}" if given.format is None else f"{{{name}:{given.format}}}"
