"""From the whole facts of a transaction to what a case of a file says of them: what its base does not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from policyeval.cases.loading import load_cases
from policyeval.cases.model import Case
from policyeval.errors import PolicyError
from policyeval.policy import yaml
from policyeval.source import Source


@dataclass(frozen=True, slots=True)
class Base:
    """What cases of a file start from.

    Attributes:
        name: Empty for the one without a name.
        asked_on: None if it says nothing of it.
    """

    name: str
    asked_on: date | None
    overlays: tuple[str, ...]
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Said:
    """What a case says beside its base."""

    base: str
    asked_on: date | None
    overlays: tuple[str, ...] | None
    facts: Mapping[str, object]
    without: tuple[str, ...]


def bases(source: Source) -> tuple[Base, ...]:
    """Give the bases of a file of cases that can be read."""
    return tuple(_bases(source))


def _bases(source: Source) -> Iterator[Base]:
    root = yaml.read(source.text.encode(), source.name or "").root
    assert isinstance(root, yaml.Mapping), "the file was read before"
    head = ""
    names = [""]
    for entry in root.entries:
        key = entry.key.text
        if key in {"format", "programme", "base", "bases"}:
            head += source.text[entry.key.span.start : entry.value.span.end] + "\n"
        if key == "bases" and isinstance(entry.value, yaml.Mapping):
            names += [each.key.text for each in entry.value.entries]
    for name in names:
        of = f", base: {name}" if name else ""
        try:
            case = _only(f"{head}cases:\n  - {{id: it{of}, expect: {{it: it}}}}\n")
            asked_on: date | None = case.asked_on
        except PolicyError:
            case = _only(
                f"{head}cases:\n  - {{id: it{of}, asked_on: 2000-01-01, expect: {{it: it}}}}\n"
            )
            asked_on = None
        yield Base(name, asked_on, case.overlays, case.facts)


def _only(text: str) -> Case:
    return load_cases(text.encode(), "").cases[0]


def said(
    known: tuple[Base, ...],
    facts: Mapping[str, object],
    asked_on: date,
    overlays: tuple[str, ...],
) -> Said:
    """Say a transaction by the base to which the least has to be added."""

    def beside(base: Base) -> Said:
        differing = {
            name: value
            for name, value in facts.items()
            if name not in base.facts or base.facts[name] != value
        }
        return Said(
            base.name,
            None if asked_on == base.asked_on else asked_on,
            None if overlays == base.overlays else overlays,
            differing,
            tuple(name for name in base.facts if name not in facts),
        )

    def weight(each: Said) -> int:
        days = each.asked_on is not None
        return 2 * len(each.facts) + 2 * len(each.without) + days + (each.overlays is not None)

    return min(map(beside, known), key=weight)
