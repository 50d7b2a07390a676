"""What a version changes against another, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from policyeval.analysis.difference.naming import Plain, Renaming
from policyeval.analysis.redline import Piece
from policyeval.policy.addresses import Address
from policyeval.policy.elements import Element
from policyeval.policy.model import Slot, ValidPolicy

ChangeKind = Literal["added", "removed", "changed", "renamed"]


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text that says something else: per language what stays, is new and is gone."""

    key: Address
    redlines: Mapping[str, tuple[Piece, ...]]


@dataclass(frozen=True, slots=True)
class FormulaChange:
    """A formula, or what stands there for each reading, that means something else."""

    key: Address
    before: Slot | None
    after: Slot | None


@dataclass(frozen=True, slots=True)
class PlainChange:
    """Something declared that is otherwise."""

    key: str
    before: Plain
    after: Plain


Part = TextChange | FormulaChange | PlainChange


@dataclass(frozen=True, slots=True)
class Change:
    """A part of a version that is new, gone, or otherwise.

    Attributes:
        kind: `renamed` has the same content under another name, or in another place; where its content
            is otherwise, too, it is `removed` and `added`.
        address: Where it stands in the version that has it; in the later one if both have.
        before: None for what is new.
        after: None for what is gone.
        parts: What is otherwise in it.
    """

    kind: ChangeKind
    address: Address
    before: Element | None
    after: Element | None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A formula that is written differently and was shown to mean the same."""

    address: Address
    before: Slot
    after: Slot


@dataclass(frozen=True, slots=True)
class Differences:
    """What a version changes against another, in meaning.

    Attributes:
        frame: What is otherwise of the version as a whole: when it is in force and known, and its
            source. That tells versions apart, and is no difference in what they say.
        changes: In the order of the format's sections.
        rewritten: Formulas that are only written differently; no difference.
        renaming: What is called otherwise, or stands elsewhere.
    """

    before: ValidPolicy = field(repr=False)
    after: ValidPolicy = field(repr=False)
    frame: tuple[PlainChange | TextChange, ...]
    changes: tuple[Change, ...]
    rewritten: tuple[Rewritten, ...]
    renaming: Renaming = field(repr=False, default_factory=Renaming)

    def __bool__(self) -> bool:
        """Whether there is any difference in meaning."""
        return bool(self.changes)
