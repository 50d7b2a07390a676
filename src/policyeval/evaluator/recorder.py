"""Records of complete transactions, put together from pieces that were written before.

What a record says of a question follows from few things: the rules that are to blame, or which of the
values in several readings are the same, and the remarks that are made. Whoever is asked first for such
an answer has it written in general; its text is kept, and values are put in where values stand. What was
presumed follows from what was left out, and from which questions apply.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Any, TypeVar

from policyeval.backends.complete import Ending
from policyeval.evaluation.data import Data, compact_text, value_data
from policyeval.evaluation.model import Answer, Outcome
from policyeval.evaluation.record import answer_data, record_data
from policyeval.evaluation.results import Evaluation
from policyeval.evaluator.composing import Pieces, writer
from policyeval.evaluator.given import Facts
from policyeval.evaluator.makers import ByVersion, ByVersions, Told
from policyeval.feel import types
from policyeval.feel.numbers import number_text

_MOST = 16_384
"""Texts that are kept: of an answer without its values, or of what is presumed."""

_MOST_DAYS = 65_536

Template = tuple[Any, ...]
"""Texts, and between them the places of values: numbers."""

_EXACT: Mapping[types.Type, type] = {types.DATE: date, types.NUMBER: Decimal}
"""Types whose values are written apart from the rest of an answer."""


class Recorder:
    """Writes records of questions that a version answers, or several; safe to share between threads.

    Attributes:
        write: Makes the record of what is told, if there have been such records, or gives it back.
    """

    __slots__ = ("_by", "_head", "_maker", "_pieces", "_presumed", "_templates", "write")

    def __init__(self, maker: ByVersion | ByVersions) -> None:
        self._maker = maker
        self._by: Mapping[str, int] = {}
        self._head: dict[int, tuple[str, str]] = {}
        self._templates: dict[Hashable, Template] = {}
        self._presumed: dict[Hashable, str] = {}
        self._pieces = [self._pieces_of(name) for name in maker.questions]
        self.write: Ending = writer(self._pieces, self._head, _DAYS, _number, self._presumed)

    def _pieces_of(self, name: str) -> Pieces:
        several = partial(self._several, name)
        declared = self._maker.decision(name)
        if declared is None:
            return Pieces(None, True, False, {}, {}, several)
        decision, remarks = declared
        by_rules = decision.value is None
        exact = None if by_rules else _EXACT.get(types.required(decision.type))
        return Pieces(exact, by_rules, remarks, {}, {}, several)

    def record(self, told: Told, facts: Facts, asked_on: date) -> bytes | None:
        """Write a record, or give None if others have to: many threads may learn too much at once.

        Args:
            told: What it came to.
            facts: Those that it came to this for, which nobody changes.
            asked_on: The day.
        """
        results, *rest = told
        found = self.write(*results, *rest, asked_on)
        if type(found) is not bytes:
            self._learn(told, facts, asked_on)
            found = self.write(*results, *rest, asked_on)
        return found if type(found) is bytes else None

    # ------------------------------------------------------------ written once

    def _begin(self, told: Told, facts: Facts, asked_on: date) -> None:
        """Write what comes before the answers, around the day asked on."""
        evaluation = self._maker.evaluation(told[0], facts, asked_on)
        data = record_data(
            evaluation.programme, asked_on, evaluation.known_on, evaluation.found, {}
        )
        self._by = _by(data["answers"])
        data["answers"] = {}
        first, second = compact_text(data).split(f'"asked_on":"{asked_on.isoformat()}"', 1)
        self._head[0] = f'{first}"asked_on":', second.removesuffix("}}")

    def _learn(self, told: Told, facts: Facts, asked_on: date) -> None:
        """Have everything written in general that is not known of a transaction."""
        if not self._head:
            self._begin(told, facts, asked_on)
        results, remarks, common, left_out = told
        evaluation = cache(partial(self._maker.evaluation, results, facts, asked_on))
        outside = 0
        for place, (result, remark) in enumerate(zip(results, remarks, strict=True)):
            pieces = self._pieces[place]
            of_remarks = (remark, common) if pieces.remarks else 0
            if result is None:
                outside |= 1 << place
            if result is None or pieces.by_rules:
                key = (result, of_remarks) if pieces.remarks else result
                if key not in pieces.known:
                    (text,) = self._template(place, (), evaluation())
                    _keep(pieces.known, key, text)
            elif not isinstance(result, tuple):
                if of_remarks not in pieces.around:
                    before, _, after = self._template(place, (result,), evaluation())
                    _keep(pieces.around, of_remarks, (before, after))
            else:
                several = self._maker.questions[place], _pattern(result), remark, common
                if several not in self._templates:
                    _keep(self._templates, several, self._template(place, result, evaluation()))
        if (outside, left_out) not in self._presumed:
            text = self._tail(outside, left_out, evaluation)
            _keep(self._presumed, (outside, left_out), text)

    def _several(self, name: str, values: tuple[object, ...], remark: Hashable, common: int) -> str:
        """Give the text of an answer with unusual values, or with several.

        Raises:
            KeyError: None like it has been written yet.
        """
        template = self._templates[name, _pattern(values), remark, common]
        return "".join([each if type(each) is str else _text(values[each]) for each in template])

    def _template(self, place: int, values: tuple[object, ...], evaluation: Evaluation) -> Template:
        """Write an answer, with places for its values; with what separates it from the one before."""
        name = self._maker.questions[place]
        first, *others = _template(evaluation[name], values, self._by.get(name))
        return (f"{',' if place else ''}{first}", *others)

    def _tail(
        self, outside: int, left_out: tuple[object, ...], evaluation: Callable[[], Evaluation]
    ) -> str:
        """Write what comes after the answers: what was left out, read, and presumed."""
        names = self._maker.questions
        try:
            texts = self._maker.presumed(
                [name for place, name in enumerate(names) if outside >> place & 1], left_out
            )
        except TypeError:  # entries that are told by their names
            presumed = evaluation().presumed
            texts = {name: compact_text(value_data(value)) for name, value in presumed.items()}
        text = "}}"
        if texts:
            listed = (f"{compact_text(name)}:{texts[name]}" for name in sorted(texts))
            text = f'}},"presumed":{{{",".join(listed)}}}}}'
        return text


def _by(answers: Data) -> Mapping[str, int]:
    """Give the places of those that made answers, where there are several."""
    assert isinstance(answers, dict)
    places = {name: each.get("by") for name, each in answers.items() if isinstance(each, dict)}
    return {name: int(by) for name, by in places.items() if isinstance(by, Decimal)}


_K = TypeVar("_K")
_V = TypeVar("_V")


def _keep(texts: dict[_K, _V], key: _K, text: _V) -> None:
    """Keep a text; where there are very many, others are forgotten for it."""
    if len(texts) >= _MOST:
        texts.clear()
    texts[key] = text


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


def _template(answer: Answer, values: Sequence[object], by: int | None) -> Template:
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
    text = f"{compact_text(answer.decision)}:{compact_text(answer_data(plain, by))}"
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
