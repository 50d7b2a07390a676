"""Records of complete transactions, put together from pieces that were written before.

What a record says of an answer follows from few things: the rules that are to blame, or which of the
values in several readings are the same, and the remarks that are made. Whoever is asked first for such
an answer has it written in general; its bytes are kept, and values are put in where values stand.
"""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import date

from policyeval.backends.complete import Result
from policyeval.evaluation.data import Data, compact_text, value_data
from policyeval.evaluation.model import Answer, Outcome
from policyeval.evaluation.record import answer_data, record_data
from policyeval.evaluation.results import Evaluation
from policyeval.evaluator.late import Inquiry, late

_MOST = 4_096
"""Pieces of each kind that are kept."""

Template = tuple[str | int, ...]
"""Texts, and between them the places of values."""


class Recorder:
    """Writes records of what a version was asked; safe to share between threads."""

    __slots__ = ("_answers", "_before", "_inquiry", "_own", "_presumed")

    def __init__(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry
        self._own = inquiry.own == inquiry.questions
        self._before: tuple[str, str] | None = None
        self._answers: list[dict[Hashable, Template]] = [{} for _ in inquiry.own]
        self._presumed: dict[Hashable, str] = {}

    def record(
        self, found: tuple[Result, ...], facts: dict[str, object], asked_on: date
    ) -> bytes | None:
        """Write a record.

        Args:
            found: The result of each question, the remarks that each of them has, as bits, and those
                that all of them have.
            facts: Those that it came to this for, which nobody changes.
            asked_on: The day.

        Returns:
            None where it is not simply put together.
        """
        if not self._own:
            return None
        inquiry = self._inquiry
        count = len(inquiry.own)
        evaluation: Evaluation | None = None
        policy_remarks = found[-1]
        pieces: list[str] = []
        absent = 0
        for place in range(count):
            result, remarks = found[place], found[count + place]
            kept = self._answers[place]
            values: Sequence[object] = ()
            if type(result) is tuple:
                values = result
                pattern: object = _pattern(result)
            else:
                pattern = result
                if result is None:
                    absent |= 1 << place
            key = pattern, remarks, policy_remarks
            template = kept.get(key)
            if template is None:
                evaluation = evaluation or late(inquiry, found[:count], facts, asked_on)
                template = _template(evaluation[inquiry.own[place]], values)
                if len(kept) < _MOST:
                    kept[key] = template
            if len(template) == 1:
                pieces.append(template[0])  # type: ignore[arg-type]  # a template begins with a text
            else:
                pieces.append(
                    "".join(
                        [
                            each if type(each) is str else _written(values[each])  # type: ignore[index]  # or a place
                            for each in template
                        ]
                    )
                )
        names: Hashable = tuple(facts)
        if inquiry.lists:
            names = names, _entries(inquiry.lists, facts)
        presumed = self._presumed.get((names, absent))
        if presumed is None:
            evaluation = evaluation or late(inquiry, found[:count], facts, asked_on)
            presumed = _presumed(evaluation)
            if len(self._presumed) < _MOST:
                self._presumed[names, absent] = presumed
        if self._before is None:
            evaluation = evaluation or late(inquiry, found[:count], facts, asked_on)
            self._before = _before(evaluation)
        first, second = self._before
        return f"{first}{asked_on}{second}{','.join(pieces)}{presumed}".encode()


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


def _written(value: object) -> str:
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


def _presumed(evaluation: Evaluation) -> str:
    data: dict[str, Data] = {"presumed": _data(evaluation).get("presumed")}
    return "}}" if data["presumed"] is None else "}," + compact_text(data)[1:]


def _before(evaluation: Evaluation) -> tuple[str, str]:
    """Write what stands before the answers, around the day asked on."""
    data = _data(evaluation)
    data.pop("presumed", None)
    data["answers"] = {}
    day = '"asked_on":"'
    first, second = compact_text(data).split(day + str(evaluation.asked_on), 1)
    return first + day, second.removesuffix("}}")


def _data(evaluation: Evaluation) -> dict[str, Data]:
    return record_data(
        evaluation.programme,
        evaluation.asked_on,
        evaluation.known_on,
        evaluation.found,
        evaluation.presumed,
    )
