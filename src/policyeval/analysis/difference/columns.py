"""The columns of a decision table in two versions: which of one is which of the other.

A column that stands elsewhere is no change, and the cells of rows are compared column by column.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from policyeval.policy.addresses import Address
from policyeval.policy.model import Formula, Slot, Table

Alike = Callable[[Formula, Formula], bool]


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table are called in a comparison, by position.

    Attributes:
        inputs: The text of what is tested; in both versions that of the later.
        outputs: The name of the output; empty if it is the only one.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    def named(self, slots: Mapping[Address, Slot]) -> dict[Address, Slot]:
        """Give formulas of a table or of a row by the names of their columns."""
        return {self._key(key): slot for key, slot in slots.items()}

    def _key(self, key: Address) -> Address:
        match key:
            case ("inputs" | "when" as section, position, *rest):
                return (section, self.inputs[int(position)], *rest)
            case ("outputs" | "then" as section, position, *rest):
                return (section, self.outputs[int(position)], *rest)
            case _:
                return key


def columns(before: Table, after: Table, alike: Alike) -> tuple[Columns, Columns]:
    """Name the columns of two versions of a table, the same column by the same name."""
    later = _names(after)
    earlier: dict[int, str] = {}
    free = list(range(len(later)))
    for index, column in enumerate(before.inputs):
        found = (e for e in free if alike(column.expression, after.inputs[e].expression))
        position = next(found, None)
        if position is not None:
            earlier[index] = later[position]
            free.remove(position)
    left = [index for index in range(len(before.inputs)) if index not in earlier]
    if len(left) == len(free):  # each was replaced by another
        earlier.update(zip(left, [later[each] for each in free], strict=True))
    taken = {*later}
    for index in left:
        if index not in earlier:
            earlier[index] = _unique(_text(before.inputs[index].expression), taken)
    return (
        Columns(tuple(earlier[each] for each in range(len(before.inputs))), _outputs(before)),
        Columns(tuple(later), _outputs(after)),
    )


def alone(table: Table) -> Columns:
    """Name the columns of a table that the other version does not have."""
    return Columns(tuple(_names(table)), _outputs(table))


def _names(table: Table) -> Sequence[str]:
    taken: set[str] = set()
    return [_unique(_text(each.expression), taken) for each in table.inputs]


def _text(formula: Formula) -> str:
    return " ".join(formula.text.split())


def _unique(name: str, taken: set[str]) -> str:
    number, unique = 1, name
    while unique in taken:
        number += 1
        unique = f"{name} ({number})"
    taken.add(unique)
    return unique


def _outputs(table: Table) -> tuple[str, ...]:
    if len(table.outputs) == 1:
        return ("",)
    return tuple(each.name or str(index) for index, each in enumerate(table.outputs))
