"""A version's terms as they are applied: readings adopted, overlays switched on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from policyeval.policy.model import Choice, Formula, Overlay, Policy, Slot, ValidPolicy


@dataclass(frozen=True, slots=True)
class Terms:
    """A checked policy with what is settled about its readings.

    Attributes:
        chosen: Reading to the option in force: adopted, or settled by an overlay. Others are open.
        overlays: Those that are switched on, in the order of the file.
        moved: Decision to the calendar (`SE`, `DE`) on whose next working day its day falls.
    """

    valid: ValidPolicy
    chosen: Mapping[str, str]
    overlays: tuple[Overlay, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        """The policy's own records."""
        return self.valid.policy

    def settled(self, slot: Slot) -> Slot:
        """Follow the choices of settled readings; what is left is a formula or an open choice."""
        while isinstance(slot, Choice) and slot.reading in self.chosen:
            slot = slot.options[self.chosen[slot.reading]]
        return slot

    def open_options(self, choice: Choice) -> Mapping[str, Slot]:
        """Give the options of an open choice that are admissible."""
        admissible = self.policy.readings[choice.reading].admissible
        return {name: choice.options[name] for name in admissible}

    def formulas(self, slot: Slot) -> tuple[Formula, ...]:
        """Give every formula that may come to stand in a place."""
        slot = self.settled(slot)
        if isinstance(slot, Formula):
            return (slot,)
        each = self.open_options(slot).values()
        return tuple(formula for option in each for formula in self.formulas(option))


def apply(valid: ValidPolicy, overlays: tuple[str, ...] = ()) -> Terms:
    """Apply a policy's adopted readings and the overlays of these names, which must exist."""
    policy = valid.policy
    chosen = {name: each.adopted[0] for name, each in policy.readings.items() if each.adopted}
    on = tuple(each for name, each in policy.overlays.items() if name in overlays)
    moved: dict[str, str] = {}
    for overlay in on:
        chosen.update(overlay.settles)
        if overlay.calendar is not None:
            moved.update(dict.fromkeys(overlay.moves, overlay.calendar))
    return Terms(valid, chosen, on, moved)
