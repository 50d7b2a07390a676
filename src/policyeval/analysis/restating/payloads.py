"""What was answered, read back from the line that an evaluation was written as.

The shape is that of `evaluation.record`; a line that is not of that shape is not guessed at.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from policyeval.evaluation.data import Data, compact_text
from policyeval.evaluation.parts import Verdict
from policyeval.evaluation.record import FORMAT

Entry = Mapping[str, Data]
"""An answer, or what made some: keys are those of `evaluation.record`."""

# No number that was computed is farther from one (`feel.numbers`).
_FARTHEST = 6_200
_VERDICTS = frozenset(Verdict)
_KEYS = ("programme", "asked_on", "known_on", "made_by", "answers")


@dataclass(frozen=True, slots=True)
class Maker:
    """A version that answered, with what it was read by.

    Attributes:
        version: None where none was in force; then there is no digest either.
    """

    version: str | None
    digest: str | None
    engine: str
    language: str


@dataclass(frozen=True, slots=True)
class Payload:
    """An evaluation as data.

    Attributes:
        data: All of it.
        answers: Decision to its answer.
        makers: In the order of `made_by`.
    """

    data: Entry
    answers: Mapping[str, Entry]
    makers: tuple[Maker, ...]

    @property
    def programme(self) -> str:
        """The programme's name."""
        return str(self.data["programme"])

    def maker(self, decision: str) -> Maker:
        """Give what made an answer.

        Raises:
            KeyError: The decision was not asked.
        """
        by = self.answers[decision].get("by")
        return self.makers[int(by) if isinstance(by, Decimal) else 0]


def payload_of(line: bytes) -> Payload | None:
    """Read an evaluation back; None if it is not written in the format that is known here."""
    try:
        data = json.loads(line, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError, ArithmeticError):
        return None
    return payload_of_data(data)


def _refuse(text: str) -> Data:
    raise ValueError(text)


def payload_of_data(data: object) -> Payload | None:
    """Take data for an evaluation; None if it is not of the form that is known here."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        return None
    if not all(each in data for each in _KEYS):
        return None
    made_by, answers = data["made_by"], data["answers"]
    if not isinstance(made_by, list) or not isinstance(answers, dict):
        return None
    makers = tuple(_maker(each) for each in made_by)
    if any(each is None for each in makers):
        return None
    if not all(_is_answer(each, len(makers)) for each in answers.values()):
        return None
    return Payload(data, answers, cast(tuple[Maker, ...], makers))


def _maker(data: object) -> Maker | None:
    match data:
        case {
            "version": str() | None as version,
            "digest": str() | None as digest,
            "engine": str(engine),
            "language": str(language),
        }:
            return Maker(version, digest, engine, language)
        case _:
            return None


def _is_answer(data: object, makers: int) -> bool:
    """Tell whether this is an answer, as far as what is asked of it later goes."""
    match data:
        case {"verdict": str() | None as verdict, "value": value, "reasons": list(reasons), **rest}:
            by = rest.get("by", Decimal(0))
            points = [rest.get(key, []) for key in ("open_points", "further_points")]
            return (
                (verdict is None or verdict in _VERDICTS)
                and (not isinstance(value, Decimal) or abs(value.adjusted()) <= _FARTHEST)
                and isinstance(by, Decimal)
                and by.is_finite()
                and 0 <= by < makers
                and by == int(by)
                and all(_is_reason(each) for each in reasons)
                and all(isinstance(each, list) and all(map(_is_named, each)) for each in points)
            )
        case _:
            return False


def _is_reason(data: object) -> bool:
    match data:
        case {"rule": str(), "clauses": list(clauses), **rest}:
            return isinstance(rest.get("decision", ""), str) and all(
                isinstance(each, str) for each in clauses
            )
        case _:
            return False


def _is_named(data: object) -> bool:
    return isinstance(data, dict) and isinstance(data.get("name"), str)


def same(before: Data, after: Data) -> bool:
    """Tell whether two pieces of data say the same; `1.50` and `1.5` do, and `true` and 1 do not."""
    return compact_text(before) == compact_text(after)


# ---------------------------------------------------------------------- parts of an answer


def clauses_of(answer: Entry) -> tuple[str, ...]:
    """Give the clauses of an answer's reasons, each once."""
    cited = (clause for each in _reasons(answer) for clause in cast(list[str], each["clauses"]))
    return tuple(dict.fromkeys(cited))


def rules_of(decision: str, answer: Entry) -> frozenset[tuple[str, str]]:
    """Give the rules of an answer's reasons, each with the decision that it stands in."""
    return frozenset(
        (cast(str, each.get("decision", decision)), cast(str, each["rule"]))
        for each in _reasons(answer)
    )


def points_of(answer: Entry, *keys: str) -> frozenset[str]:
    """Give the names of an answer's points under some keys (`open_points`, `further_points`)."""
    return frozenset(
        cast(str, each["name"]) for key in keys for each in cast(list[Entry], answer.get(key, []))
    )


def _reasons(answer: Entry) -> list[Entry]:
    return cast(list[Entry], answer["reasons"])
