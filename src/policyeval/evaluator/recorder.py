"""Records of complete transactions, put together from pieces that were written before.

What a record says of an answer follows from few things: the rules that are to blame, or which of the
values in several readings are the same, and the remarks that are made. Whoever is asked first for such
an answer has it written in general; its bytes are kept, and values are put in where values stand.
"""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from policyeval.backends.complete import Result
from policyeval.evaluation.data import compact_text, value_data
from policyeval.evaluation.model import Answer, Outcome
from policyeval.evaluation.record import answer_data, record_data
from policyeval.evaluator.late import Inquiry, late
from policyeval.feel.numbers import number_text

_MOST = 4_096
"""Records and answers without their values that are kept."""

Template = tuple[str | int, ...]
"""Texts, and between them the places of values."""


_SLOT = "\x00"
"""Stands for a value; no text of JSON has it."""

_ANSWER = "answer"
"""In a key: an answer with other values than a day or a number, which is written apart."""


class Recorder:
    """Writes records of what a version was asked; safe to share between threads."""

    __slots__ = ("_inquiry", "_records", "_templates")

    def __init__(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry
        self._records: dict[Hashable, list[str]] = {}
        self._templates: dict[Hashable, Template] = {}

    def record(self, found: tuple[Result, ...], facts: dict[str, object], asked_on: date) -> bytes:
        """Write a record.

        Args:
            found: The result of each question, the remarks that each of them has, as bits, and those
                that all of them have.
            facts: Those that it came to this for, which nobody changes.
            asked_on: The day.
        """
        key: list[Hashable] = [*facts]
        values = [_DAYS[asked_on]]
        for place, result in enumerate(found):
            if type(result) is not tuple:
                key.append(result)
                continue
            value = result[0] if len(result) == 1 else None
            kind = type(value)
            if kind is date:
                key.append(kind)
                values.append(_DAYS[value])  # type: ignore[index]  # a day
            elif kind is Decimal:
                key.append(kind)
                values.append(_number(value))  # type: ignore[arg-type]  # a number
            else:
                key.append(_ANSWER)
                values.append(self._answer(found, facts, asked_on, place))
        if self._inquiry.lists:
            key.append(_entries(self._inquiry.lists, facts))
        whole = tuple(key)
        record = self._records.get(whole)
        if record is None:
            record = self._record(found, facts, asked_on).split(_SLOT)
            record = [part for text in record for part in (text, "")][:-1]
            if len(self._records) < _MOST:
                self._records[whole] = record
        parts = record.copy()
        parts[1::2] = values
        return "".join(parts).encode()

    def _record(self, found: tuple[Result, ...], facts: dict[str, object], asked_on: date) -> str:
        """Write a record, with slots for the day asked on and for the values."""
        evaluation = late(self._inquiry, found[: len(self._inquiry.own)], facts, asked_on)
        answers = []
        for place, name in enumerate(self._inquiry.own):
            result = found[place]
            if not isinstance(result, tuple):
                answers.append(str(_template(evaluation[name], ())[0]))
            elif len(result) > 1 or type(result[0]) not in {date, Decimal}:
                answers.append(_SLOT)
            else:
                template = _template(evaluation[name], result)
                slot = f'"{_SLOT}"' if type(result[0]) is date else _SLOT
                answers.append(
                    "".join(slot if type(each) is int else str(each) for each in template)
                )
        data = record_data(
            evaluation.programme,
            asked_on,
            evaluation.known_on,
            evaluation.found,
            evaluation.presumed,
        )
        presumed = data.pop("presumed", None)
        data["answers"] = {}
        day = '"asked_on":"'
        first, second = compact_text(data).split(day + asked_on.isoformat(), 1)
        before = f"{first}{day}{_SLOT}{second.removesuffix('}}')}"
        after = "}}" if presumed is None else "}," + compact_text({"presumed": presumed})[1:]
        return before + ",".join(answers) + after

    def _answer(
        self, found: tuple[Result, ...], facts: dict[str, object], asked_on: date, place: int
    ) -> str:
        """Write an answer that has values."""
        values, count = found[place], len(self._inquiry.own)
        assert isinstance(values, tuple)
        key = place, _pattern(values), found[count + place], found[-1]
        template = self._templates.get(key)
        if template is None:
            evaluation = late(self._inquiry, found[:count], facts, asked_on)
            template = _template(evaluation[self._inquiry.own[place]], values)
            if len(self._templates) < _MOST:
                self._templates[key] = template
        return "".join(
            [each if type(each) is str else _text(values[each]) for each in template]  # type: ignore[index]  # or a place
        )


class _Days(dict[date, str]):
    """Days as they are written; they are few in the life of a program."""

    __slots__ = ()

    def __missing__(self, day: date) -> str:
        text = day.isoformat()
        if len(self) < _MOST_DAYS:
            self[day] = text
        return text


_DAYS = _Days()
_MOST_DAYS = 65_536


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
        return f'"{value}"'
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


def _entries(lists: Sequence[str], facts: dict[str, object]) -> Hashable:
    """Give which entries the objects in lists have."""
    return tuple(
        tuple(tuple(each) if isinstance(each, dict) else None for each in found)
        if isinstance(found := facts.get(name), list)
        else None
        for name in lists
    )
