"""Two evaluations compared to the byte: the recorded one, and what is answered when it is replayed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policyeval.analysis.restating.payloads import Entry, Payload, payload_of, same
from policyeval.errors import DiagnosedError
from policyeval.evaluation.data import Data, compact_text
from policyeval.records.lines import one_line

Engine = tuple[str, str]
"""What computed, and the language of its formulas."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is otherwise in an evaluation.

    Attributes:
        decision: None for what is about all of it.
        field: A key of `evaluation.record`; `answer` where the whole answer is there on one side only,
            `writing` where the same is said in another order.
        before: As it is recorded; None where there is nothing; likewise `after`.
    """

    decision: str | None
    field: str
    before: Data = None
    after: Data = None


def is_same(got: bytes | DiagnosedError, recorded: bytes, engines: tuple[Engine, ...]) -> bool:
    """Tell whether an answer has the recorded bytes, but for the engine where that is another."""
    if not isinstance(got, bytes):
        return False
    if one_line(got) == recorded:
        return True
    if len(engines) != 1:
        return False
    payload = payload_of(got)
    assert payload is not None, "what is written here can be read here"
    engine, language = engines[0]
    made_by: list[Data] = [
        {**each, "engine": engine, "language": language} for each in _made_by(payload)
    ]
    return one_line(compact_text({**payload.data, "made_by": made_by}).encode()) == recorded


def _made_by(payload: Payload) -> list[dict[str, Data]]:
    made_by = payload.data["made_by"]
    assert isinstance(made_by, list), "or else it were no payload"
    return [each for each in made_by if isinstance(each, dict)]


def changes(before: Payload, after: Payload) -> tuple[Change, ...]:
    """Say what is otherwise; of two that say the same, that they are written otherwise."""
    found = (*_of_whole(before, after), *_of_answers(before, after))
    return found or (Change(None, "writing"),)


def _of_whole(before: Payload, after: Payload) -> Iterator[Change]:
    one: list[Data] = [*_without_engine(before)]
    other: list[Data] = [*_without_engine(after)]
    if not same(one, other):
        yield Change(None, "made_by", one, other)
    for key in dict.fromkeys((*before.data, *after.data)):
        if key not in {"made_by", "answers"}:
            yield from _of_key(None, key, before.data, after.data)


def _without_engine(payload: Payload) -> Iterator[dict[str, Data]]:
    """Give what made the answers but for the engine, which is told apart."""
    for each in _made_by(payload):
        yield {key: value for key, value in each.items() if key not in {"engine", "language"}}


def _of_answers(before: Payload, after: Payload) -> Iterator[Change]:
    for name in dict.fromkeys((*before.answers, *after.answers)):
        one, other = before.answers.get(name), after.answers.get(name)
        if one is None or other is None:
            yield Change(name, "answer", _whole(one), _whole(other))
            continue
        for key in dict.fromkeys((*one, *other)):
            yield from _of_key(name, key, one, other)


def _whole(answer: Mapping[str, Data] | None) -> Data:
    return None if answer is None else dict(answer)


def _of_key(decision: str | None, key: str, before: Entry, after: Entry) -> Iterator[Change]:
    if (key in before) != (key in after) or not same(before.get(key), after.get(key)):
        yield Change(decision, key, before.get(key), after.get(key))
