"""Programmes of the set in force and of the one before it, by the bytes of their files.

So a reload reads only the programmes whose files changed, and one that takes a change back reads none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from policyeval.policy.cache import Cache, Kept


@dataclass(frozen=True, slots=True)
class Memory(Cache):
    """What is kept of programmes during one reload, in memory; named by the bytes of their files.

    Attributes:
        before: What was kept of earlier sets.
        now: What is to be kept of the new set.
    """

    before: Mapping[str, Kept]
    now: dict[str, Kept]

    def load(self, key: str) -> Kept | None:
        """Give the programme that is kept under a key, or None."""
        kept = self.before.get(key)
        if kept is not None:
            self.now[key] = kept
        return kept

    def save(self, key: str, kept: Kept) -> None:
        """Keep a programme."""
        self.now[key] = kept


def memory_of(before: Mapping[str, Kept]) -> Memory:
    """Begin a reload with what was kept before."""
    return Memory(Path(), before, {})
