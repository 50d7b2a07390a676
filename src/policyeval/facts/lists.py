"""Facts that are lists: of values, of contexts, and logs of events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from policyeval.diagnostics import did_you_mean
from policyeval.facts import plain
from policyeval.facts.model import Between, Open
from policyeval.facts.objects import (
    LONGEST_NAME,
    beside,
    names_of,
    not_ordered,
    only_true,
    read_declared,
)
from policyeval.facts.problems import Path
from policyeval.facts.refusal import Refused, cut, few
from policyeval.facts.run import Given, ItemReader, Reader, Run
from policyeval.facts.scalars import wrong_kind
from policyeval.feel.types import may_be_null
from policyeval.feel.values import Value
from policyeval.messages import message
from policyeval.policy.model import Fact


@dataclass(frozen=True, slots=True)
class Entry:
    """Reads a context of a list, by the declarations of its members."""

    members: Mapping[str, Reader]

    def read(self, given: object, name: str, path: Path, run: Run) -> Given:
        """Read a context; what is left out is presumed or open."""
        try:
            if not plain.is_object(given):
                raise wrong_kind(
                    plain.scalar(given),
                    "input.type",
                    message("an object with names and values is wanted here"),
                    message("its entries are `{names}`", names=few(self.members)),
                )
            return self._members(given, name, path, run)
        except Refused as refused:
            run.problems.refuse(path, given, refused)
            return None

    def _members(self, given: object, name: str, path: Path, run: Run) -> Given:
        around = name + "."
        found = read_declared(given, self.members, self._unknown, run, around=around, path=path)
        return cast(
            Value,
            {
                key: found[key] if key in found else reader.left_out(around + key, run)
                for key, reader in self.members.items()
            },
        )

    def _unknown(self, key: str) -> Refused:
        near = did_you_mean(key, self.members) if len(key) <= LONGEST_NAME else None
        return Refused(
            "input.unknown-key",
            message("unknown entry `{key}`", key=cut(key)),
            near or message("the entries are `{names}`", names=few(self.members)),
        )


@dataclass(frozen=True, slots=True)
class Items:
    """Reads a list; of a log the entries are put in the order of their moments."""

    fact: Fact
    item: ItemReader

    def read(self, given: object, name: str, path: Path, run: Run) -> Given:
        """Read a list, or that it is not known."""
        try:
            if given is None and self.fact.kind == "act":
                return Open(name, "act", ())
            if given is None and may_be_null(self.fact.type):
                return None
            if plain.is_object(given):
                return self._wrapped(given, name, path, run)
            if not plain.is_list(given):
                raise self._refused(given)
            items = plain.items(given)
        except Refused as refused:
            run.problems.refuse(path, given, refused)
            return None
        before = len(run.problems.found)
        values = [
            self.item.read(item, f"{name}[{position + 1}]", (*path, position), run)
            for position, item in enumerate(items)
        ]
        if self.fact.log is not None and len(run.problems.found) == before:
            values.sort(key=self._moment)
        return cast(Value, values)

    def left_out(self, name: str, run: Run) -> Given:
        """Presume what is presumed; otherwise it may be any list."""
        if self.fact.presume is None:
            return Open(name, "act" if self.fact.kind == "act" else "fact", ())
        run.presumed[name] = self.fact.presume.value
        return self.fact.presume.value

    def _wrapped(self, given: object, name: str, path: Path, run: Run) -> Given:
        found = names_of(given, path, run)
        if "unknown" not in found:
            raise not_ordered() if "between" in found else self._refused(given)
        for key, (raw_key, value) in found.items():
            if key == "unknown":
                only_true(value, (*path, raw_key), run)
            else:
                refused = beside(key, ("unknown",))
                run.problems.refuse((*path, raw_key), value, refused, named=True)
        return Open(name, "fact", ())

    def _refused(self, given: object) -> Refused:
        return wrong_kind(
            plain.scalar(given),
            "input.type",
            message("a list is wanted here"),
            message("write the list in square brackets, `[]` if it is empty"),
        )

    def _moment(self, entry: Given) -> datetime | date:
        assert isinstance(entry, dict)
        moment: object = entry[cast(str, self.fact.log)]
        if isinstance(moment, Open):
            # An entry whose moment is open stands where its earliest moment puts it.
            [part, *_] = moment.parts
            assert isinstance(part, Between)
            moment = part.low
        assert isinstance(moment, date)
        return moment
