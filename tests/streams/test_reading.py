"""Bytes are cut into lines, whatever the pieces in which they come."""

import tracemalloc
from hashlib import sha256
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.streams.model import LINE_BYTES, StreamError
from policyeval.streams.reading import BATCH_LINES, BEGINNING, Batch, Reader
from policyeval.streams.results import Wording
from policyeval.streams.working import here
from tests.streams.echo import Echo, pieces


def batches(reader: Reader) -> list[Batch]:
    found = []
    while (batch := reader.batch()) is not None:
        found.append(batch)
    return found


def lines(found: list[Batch]) -> list[bytes]:
    return [each for batch in found for each in batch.lines]


texts = st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r\n", b"\xff", b"{}"])).map(b"".join)


@given(texts, st.integers(1, 9), st.booleans())
def test_lines_are_those_of_the_whole(whole: bytes, size: int, ready: bool) -> None:
    found = batches(Reader(pieces(whole, size), lambda: ready))
    *most, last = whole.split(b"\n")
    assert lines(found) == [*most, *([last] if last else [])]
    assert all(each.whole for each in found[: len(found) - bool(last)])
    if last:  # it may still grow, so it is by itself
        assert (found[-1].lines, found[-1].whole) == ((last,), False)


@given(texts, st.integers(1, 9), st.booleans())
def test_a_batch_knows_where_it_ends_and_what_was_before(
    whole: bytes, size: int, ready: bool
) -> None:
    number = 1
    for batch in batches(Reader(pieces(whole, size), lambda: ready)):
        end = batch.end
        assert batch.first == number
        number += len(batch.lines)
        assert end.line == number - 1
        assert end.digest == sha256(whole[: end.offset]).hexdigest()
        # An end within a line would be no place to go on from.
        assert end.offset == len(whole) or whole[: end.offset].endswith(b"\n")


@given(texts, st.integers(1, 9), st.data())
def test_reading_goes_on_from_the_end_of_any_batch(
    whole: bytes, size: int, data: st.DataObject
) -> None:
    found = batches(Reader(pieces(whole, size), lambda: False))
    ends = [BEGINNING, *(each.end for each in found if each.whole)]
    mark = data.draw(st.sampled_from(ends))
    reader = Reader(pieces(whole, size))
    reader.skip_to(mark)
    rest = batches(reader)
    assert lines(rest) == lines(found)[mark.line :]
    if rest:
        assert rest[0].first == mark.line + 1
        assert rest[-1].end == found[-1].end


@pytest.mark.parametrize("other", [b"a\nb\n", b"a\nX\nc\n", b""])
def test_another_input_is_not_taken_for_the_one_that_was_read(other: bytes) -> None:
    reader = Reader(pieces(b"a\nb\nc\n", 100))
    batch = reader.batch()
    assert batch is not None
    with pytest.raises(StreamError, match="the input is"):
        Reader(pieces(other, 100)).skip_to(batch.end)


def test_an_input_that_has_grown_is_the_same() -> None:
    batch = Reader(pieces(b"a\nb\n", 100)).batch()
    assert batch is not None
    grown = Reader(pieces(b"a\nb\nc\n", 100))
    grown.skip_to(batch.end)
    assert lines(batches(grown)) == [b"c"]


def test_what_is_there_is_given_before_more_is_waited_for() -> None:
    asked = []

    def read(most: int) -> bytes:
        asked.append(most)
        return [b"a\nb\nc", b"d\n", b""][len(asked) - 1]

    reader = Reader(read, lambda: False)
    assert reader.batch(wait=False) == Batch((), BEGINNING)
    assert asked == []
    first = reader.batch()
    assert first is not None
    assert first.lines == (b"a", b"b")
    assert len(asked) == 1
    waiting = reader.batch(wait=False)
    assert waiting is not None
    assert (waiting.lines, waiting.end) == ((), first.end)
    assert len(asked) == 1
    assert lines(batches(reader)) == [b"cd"]


def test_a_batch_is_bounded() -> None:
    found = batches(Reader(pieces(b"a\n" * (2 * BATCH_LINES + 1), 1 << 20)))
    assert [len(each.lines) for each in found] == [BATCH_LINES, BATCH_LINES, 1]


@pytest.mark.parametrize("size", [1000, 1 << 18, 1 << 30])
def test_a_line_that_is_too_long_is_held_no_further_than_shows_it(size: int) -> None:
    whole = b"a\n" + b"x" * (LINE_BYTES + 5000) + b"\nb"
    found = lines(batches(Reader(pieces(whole, size))))
    assert [found[0], found[2]] == [b"a", b"b"]
    assert LINE_BYTES < len(found[1]) < LINE_BYTES + 100


def test_memory_does_not_grow_with_the_input() -> None:
    line = b'{"amount": 12, "paid_on": "2024-01-31"}\n'
    left = count()

    def read(_most: int) -> bytes:
        number = next(left)
        if number == 20:
            return b"x" * 50_000  # one line of 5 MB begins here
        if number < 120:
            return b"x" * 50_000 if number > 20 else line * 1000
        return b"\n" if number == 120 else b""

    tracemalloc.start()
    try:
        decided = sum(found.decided for _, found in here(Echo(), Wording(), Reader(read)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert decided == 20_001
    assert peak < 3 << 20
