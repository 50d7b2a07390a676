"""Records of complete transactions, put together from pieces that were written before.

What a record says of a question follows from few things: the rules that are to blame, or which of the
values in several readings are the same, and the remarks that are made. Whoever is asked first for such
an answer has it written in general; its text is kept, and values are put in where values stand. What was
presumed follows from what was left out, and from which questions apply.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from policyeval.backends.complete import Result
from policyeval.evaluation.data import compact_text, value_data
from policyeval.evaluation.model import Answer, Outcome
from policyeval.evaluation.record import answer_data, record_data
from policyeval.evaluator.composing import ENDS, Pieces, Write, writer
from policyeval.evaluator.given import Facts
from policyeval.evaluator.late import Inquiry, late
from policyeval.feel import types
from policyeval.feel.numbers import number_text
from policyeval.policy.model import Fact

_MOST = 16_384
"""Texts that are kept: of an answer without its values, or of what is presumed."""

_MOST_DAYS = 65_536

Template = tuple[Any, ...]
"""Texts, and between them the places of values: numbers."""

Results = tuple[Result, ...]

_EXACT: Mapping[types.Type, type] = {types.DATE: date, types.NUMBER: Decimal}
"""Types whose values are written apart from the rest of an answer."""


Told = tuple[Results, tuple[int, ...], int, tuple[object, ...]]
"""What is told of a transaction; see `policyeval.backends.complete.Told`."""


class Recorder:
    """Writes records of what a version was asked; safe to share between threads."""

    __slots__ = ("_inquiry", "_pieces", "_presumed", "_templates", "_write")

    def __init__(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry
        self._templates: dict[Hashable, Template] = {}
        self._presumed: dict[Hashable, str] = {}
        decisions = inquiry.program.terms.policy
        self._pieces = [
            Pieces(
                _EXACT.get(types.required(each.type)) if each.value is not None else None,
                each.value is None,
                bool(each.remarks or decisions.remarks),
                {},
                {},
                partial(self._several, name),
            )
            for name, each in ((name, decisions.decisions[name]) for name in inquiry.own)
        ]
        self._write: Write | None = None

    def record(self, told: Told, facts: Facts, asked_on: date) -> bytes | None:
        """Write a record, or give None if others have to: many threads may learn too much at once.

        Args:
            told: What it came to.
            facts: Those that it came to this for, which nobody changes.
            asked_on: The day.
        """
        write = self._write
        if write is None:
            head = self._head(told[0], facts, asked_on)
            write = self._write = writer(self._pieces, head, _DAYS, _number, self._presumed)
        try:
            return write(*told, asked_on)
        except ENDS:
            self._learn(told, facts, asked_on)
        try:
            return write(*told, asked_on)
        except ENDS:
            return None

    # ------------------------------------------------------------ written once

    def _learn(self, told: Told, facts: Facts, asked_on: date) -> None:
        """Have everything written in general that is not known of a transaction."""
        results, remarks, common, left_out = told
        outside = 0
        for place, (result, remark) in enumerate(zip(results, remarks, strict=True)):
            pieces = self._pieces[place]
            of_remarks = (remark, common) if pieces.remarks else 0
            if result is None:
                outside |= 1 << place
            if not isinstance(result, tuple):
                key = (result, of_remarks) if pieces.remarks else result
                if key not in pieces.known:
                    (text,) = self._template(place, told, facts, asked_on)
                    _keep(pieces.known, key, text)
            elif len(result) == 1 and type(result[0]) is pieces.exact:
                if of_remarks not in pieces.around:
                    before, _, after = self._template(place, told, facts, asked_on)
                    _keep(pieces.around, of_remarks, (before, after))
            else:
                several = self._inquiry.own[place], _pattern(result), remark, common
                if several not in self._templates:
                    template = self._template(place, told, facts, asked_on)
                    _keep(self._templates, several, template)
        if (outside, left_out) not in self._presumed:
            text = self._tail(outside, left_out, (results, facts, asked_on))
            _keep(self._presumed, (outside, left_out), text)

    def _several(self, name: str, values: tuple[object, ...], remark: int, common: int) -> str:
        """Give the text of an answer with unusual values, or with several.

        Raises:
            KeyError: None like it has been written yet.
        """
        template = self._templates[name, _pattern(values), remark, common]
        return "".join([each if type(each) is str else _text(values[each]) for each in template])

    def _head(self, results: Results, facts: Facts, asked_on: date) -> tuple[str, str]:
        """Write what comes before the answers, around the day asked on."""
        evaluation = late(self._inquiry, results, facts, asked_on)
        data = record_data(
            evaluation.programme, asked_on, evaluation.known_on, evaluation.found, {}
        )
        data["answers"] = {}
        day = asked_on.isoformat()
        first, second = compact_text(data).split(f'"asked_on":"{day}"', 1)
        return f'{first}"asked_on":', second.removesuffix("}}")

    def _template(self, place: int, told: Told, facts: Facts, asked_on: date) -> Template:
        """Write an answer, with places for its values; with what separates it from the one before."""
        results = told[0]
        result = results[place]
        answer = late(self._inquiry, results, facts, asked_on)[self._inquiry.own[place]]
        first, *others = _template(answer, result if isinstance(result, tuple) else ())
        return (f"{',' if place else ''}{first}", *others)

    def _tail(
        self,
        outside: int,
        left_out: tuple[object, ...],
        asked: tuple[Results, Facts, date],
    ) -> str:
        """Write what comes after the answers: what was left out, read, and presumed."""
        read = self._read(outside)
        try:
            found = dict(self._left_out(left_out))
        except TypeError:  # entries that are told by their names
            results, facts, asked_on = asked
            presumed = late(self._inquiry, results, facts, asked_on).presumed
            texts = {name: compact_text(value_data(value)) for name, value in presumed.items()}
        else:
            texts = {
                name: compact_text(value_data(fact.presume.value))
                for name, (place, fact) in found.items()
                if place in read and fact.presume is not None
            }
        text = "}}"
        if texts:
            listed = (f"{compact_text(name)}:{texts[name]}" for name in sorted(texts))
            text = f'}},"presumed":{{{",".join(listed)}}}}}'
        return text

    def _read(self, outside: int) -> frozenset[str]:
        """Give the facts that the answers rest on."""
        reads = self._inquiry.program.reads
        return frozenset().union(
            *(
                reads.of_coverage(name) if outside >> place & 1 else reads.of_decision(name)
                for place, name in enumerate(self._inquiry.own)
            )
        )

    def _left_out(self, left_out: tuple[object, ...]) -> Iterator[tuple[str, tuple[str, Fact]]]:
        """Give the presumed facts that were left out: as they are named, as they are read, and each.

        Raises:
            TypeError: Entries of a list are not told by their places.
        """
        facts = self._inquiry.program.terms.policy.facts
        whole, *lists = left_out
        for name, fact in _of_bits(facts, whole):
            yield name, (name, fact)
        for of, entries in zip(self._inquiry.lists, lists, strict=True):
            for index, entry in enumerate(entries if isinstance(entries, tuple) else ()):
                if entry is None:  # it has no entries of its own
                    continue
                for name, fact in _of_bits(facts[of].entries, entry):
                    yield f"{of}[{index + 1}].{name}", (f"{of}.{name}", fact)


_K = TypeVar("_K")
_V = TypeVar("_V")


def _keep(texts: dict[_K, _V], key: _K, text: _V) -> None:
    """Keep a text; where there are very many, others are forgotten for it."""
    if len(texts) >= _MOST:
        texts.clear()
    texts[key] = text


def _of_bits(facts: Mapping[str, Fact], bits: object) -> Iterator[tuple[str, Fact]]:
    if not isinstance(bits, int):
        raise TypeError
    for index, (name, fact) in enumerate(facts.items()):
        if bits >> index & 1:
            yield name, fact


class _Days(dict[date, str]):
    """Days as JSON has them; they are few in the life of a program."""

    __slots__ = ()

    def __missing__(self, day: date) -> str:
        text = f'"{day.isoformat()}"'
        if len(self) < _MOST_DAYS:
            self[day] = text
        return text


_DAYS = _Days()


def _number(value: Decimal) -> str:
    """Write a number as `number_text` does; most need little for it."""
    text = str(value)
    if "E" in text or text[0] == "-":
        return number_text(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _pattern(values: tuple[object, ...]) -> Hashable:
    """Give what an answer by values depends on but for the values: which of them are the same.

    Values that are verdicts are part of it.
    """
    first = values[0]
    if len(values) == 1:
        return first if type(first) is bool else (first is None,)
    if type(first) is bool:
        return values
    return tuple(map(values.index, values))


def _text(value: object) -> str:
    if type(value) is date:
        return _DAYS[value]
    if type(value) is Decimal:
        return _number(value)
    return compact_text(value_data(value))


def _template(answer: Answer, values: Sequence[object]) -> Template:
    """Write an answer in general, and take out the values that it is about."""
    marks = [f"\x00{place}\x00" for place in range(len(values))]

    def marked(value: object) -> object:
        if isinstance(value, bool) or value is None or value not in values:
            return value
        return marks[values.index(value)]

    plain = replace(
        answer,
        value=marked(answer.value),
        open_points=tuple(
            replace(
                point,
                gives={
                    option: Outcome(each.verdict, marked(each.value))
                    for option, each in point.gives.items()
                },
            )
            for point in answer.open_points
        ),
    )
    text = f"{compact_text(answer.decision)}:{compact_text(answer_data(plain))}"
    pieces: list[str | int] = [text]
    for place, mark in enumerate(marks):
        written = compact_text(mark)
        pieces = [
            part
            for piece in pieces
            for part in (_split(piece, written, place) if isinstance(piece, str) else [piece])
        ]
    return tuple(pieces)


def _split(text: str, mark: str, place: int) -> list[str | int]:
    found: list[str | int] = []
    for piece in text.split(mark):
        found += [piece, place]
    return found[:-1]
