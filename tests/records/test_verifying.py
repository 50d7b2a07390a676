"""Whatever is changed in a log is named with its line."""

import hashlib
import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.records import DecisionLog, Head, LogError, read_log, verify
from tests.records.samples import FACTS, UNSYNCED, record, write_log

Lines = list[bytes]
Change = Callable[[Lines], Lines]


def changed(index: int, old: bytes, new: bytes) -> Change:
    def change(lines: Lines) -> Lines:
        assert old in lines[index]
        return [*lines[:index], lines[index].replace(old, new, 1), *lines[index + 1 :]]

    return change


def sealed_anew(index: int, old: bytes, new: bytes, *, all_after: bool = False) -> Change:
    """Change a line and give it the hash that fits; and, if wanted, chain all that follows anew."""

    def change(lines: Lines) -> Lines:
        result = changed(index, old, new)(lines)
        previous = None
        for at in range(index, len(lines) if all_after else index + 1):
            body = result[at][:-76]
            if previous is not None:
                body = body[:-65] + previous + b'"'
            previous = hashlib.sha256(body).hexdigest().encode()
            result[at] = body + b',"hash":"' + previous + b'"}\n'
        return result

    return change


def without(*indexes: int) -> Change:
    return lambda lines: [each for at, each in enumerate(lines) if at not in indexes]


def swapped(one: int, other: int) -> Change:
    def change(lines: Lines) -> Lines:
        result = list(lines)
        result[one], result[other] = lines[other], lines[one]
        return result

    return change


def moved(index: int, to: int) -> Change:
    def change(lines: Lines) -> Lines:
        rest = [each for at, each in enumerate(lines) if at != index]
        return [*rest[:to], lines[index], *rest[to:]]

    return change


def inserted(index: int, line: bytes) -> Change:
    return lambda lines: [*lines[:index], line, *lines[index:]]


def torn(size: int) -> Change:
    return lambda lines: [*lines[:-1], lines[-1][:size]]


# A log of a first line and eight records: record n is in line n + 1, which is item n of the lines.
CHANGES: list[tuple[str, Change, list[str]]] = [
    ("a digit of a fact", changed(3, b"18500", b"18501"), ["4 changed"]),
    ("a letter of a name", changed(3, b"amount", b"amounf"), ["4 changed"]),
    ("a digit of the answer", changed(8, b'"value":8', b'"value":9'), ["9 changed"]),
    ("the time", changed(2, b"09:30", b"09:31"), ["3 changed"]),
    ("the number of a record", changed(5, b'"seq":5', b'"seq":7'), ["6 changed"]),
    ("a blank in a line", changed(4, b'"facts":{', b'"facts":{ '), ["5 changed"]),
    (
        "two lines",
        lambda x: changed(2, b"18500", b"1")(changed(6, b"tx", b"ty")(x)),
        ["3 changed", "7 changed"],
    ),
    ("the hash of a line", changed(3, b'"hash":"', b'"hash":"g'), ["4 layout"]),
    ("the first line", changed(0, b"2024", b"2025"), ["1 changed"]),
    ("a record removed", without(4), ["5 missing"]),
    ("the first record removed", without(1), ["2 missing"]),
    ("two records removed", without(4, 5), ["5 missing"]),
    ("two gaps", without(2, 6), ["3 missing", "6 missing"]),
    ("the first line removed", without(0), ["1 first"]),
    ("the first line and a record removed", without(0, 1), ["1 first"]),
    ("two neighbours swapped", swapped(3, 4), ["4 order"]),
    ("two others swapped", swapped(2, 6), ["3 order"]),
    ("the first two records swapped", swapped(1, 2), ["2 order"]),
    ("the last two records swapped", swapped(7, 8), ["8 order"]),
    ("a record moved down", moved(3, 6), ["4 order"]),
    ("a record moved up", moved(6, 2), ["3 order"]),
    ("a record twice", lambda x: inserted(5, x[4])(x), ["6 twice"]),
    ("a record again at the end", lambda x: [*x, x[4]], ["10 twice"]),
    ("all twice", lambda x: [*x, *x[1:]], [f"{line} twice" for line in range(10, 18)]),
    ("one removed, another twice", lambda x: [*x[:3], x[2], *x[4:]], ["4 twice", "5 missing"]),
    ("a foreign line put in", inserted(4, b"this is no line\n"), ["5 layout"]),
    ("an empty line put in", inserted(4, b"\n"), ["5 layout"]),
    ("an empty line at the end", lambda x: [*x, b"\n"], ["10 layout"]),
    ("a line replaced by none", lambda x: [*x[:4], b"{}\n", *x[5:]], ["5 layout"]),
    ("another format", changed(4, b'{"format":1', b'{"format":2'), ["5 layout"]),
    ("a record with its own hash anew", sealed_anew(4, b"18500", b"1"), ["6 replaced"]),
    ("the last record with its own hash anew", sealed_anew(8, b"18500", b"1"), []),
    ("all chained anew from a record on", sealed_anew(4, b"18500", b"1", all_after=True), []),
    ("no JSON, with its hash", sealed_anew(8, b'"facts":{', b'"facts":{{'), ["9 layout"]),
    ("the end cut", without(7, 8), []),
    ("the end torn", torn(100), ["9 torn"]),
    ("all but the line's end", torn(-1), ["9 torn"]),
    ("nothing left", lambda _: [], ["1 first"]),
    ("another log behind", lambda x: [*x, x[0]], ["10 first"]),
    ("nothing", lambda x: x, []),
]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    write_log(tmp_path / "decisions.jsonl")
    return tmp_path / "decisions.jsonl"


def found(path: Path, head: Head | None = None) -> list[str]:
    return [f"{each.place.line} {each.kind}" for each in verify(path, head=head).problems]


@pytest.mark.parametrize(
    ("change", "expected"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES]
)
def test_what_was_changed_in_a_log_is_named(log: Path, change: Change, expected: list[str]) -> None:
    log.write_bytes(b"".join(change(log.read_bytes().splitlines(keepends=True))))
    assert found(log) == expected
    assert (verify(log).head is None) == bool(expected)


@pytest.mark.parametrize(
    "change", [each[1] for each in CHANGES[:-1]], ids=[each[0] for each in CHANGES[:-1]]
)
def test_nothing_goes_unseen_where_the_head_was_kept(log: Path, change: Change) -> None:
    head = verify(log).head
    assert head is not None
    log.write_bytes(b"".join(change(log.read_bytes().splitlines(keepends=True))))
    assert found(log, head)


@given(data=st.data())
def test_any_other_byte_is_seen_and_its_line_named(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("any") / "decisions.jsonl"
    write_log(path, 3)
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda each: each != content[at]))
    line = content.count(b"\n", 0, at) + 1
    content[at] = byte
    path.write_bytes(content)
    lines = {each.place.line for each in verify(path).problems}
    assert lines
    assert lines <= {line, line + 1}, "a line end that is gone or added concerns two lines"
    with pytest.raises(LogError) if content.endswith(b"\n") else nullcontext():
        assert len(list(read_log(path))) < 3


def test_a_good_log_says_its_head_and_the_head_is_found_again(log: Path) -> None:
    result = verify(log)
    assert result.good
    assert result.records == 8
    assert result.head == write_log(log.with_name("same.jsonl")).head
    assert verify(log, head=result.head).good
    for each in read_log(log):
        assert verify(log, head=(each.seq, each.hash)).good


def test_what_was_cut_from_the_end_is_seen_by_the_head(log: Path) -> None:
    head = verify(log).head
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-5]))
    [problem] = verify(log, head=head).problems
    assert problem.kind == "head"
    assert problem.diagnostic.message.text() == (
        "the log ends with record 3, but record 8 was in it: its end is missing"
    )


def test_a_log_that_was_written_anew_is_seen_by_the_head(log: Path) -> None:
    head = verify(log).head
    log.unlink()
    write_log(log, option="other")
    assert found(log) == []
    assert found(log, head) == ["9 head"]


def test_the_head_of_an_empty_log_stands_for_it_too(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    head = write_log(path, 0).head
    assert verify(path).head == head
    assert verify(path, head=head).good
    path.unlink()
    with DecisionLog(path, files=UNSYNCED) as log:
        log.append(record(), FACTS)
    assert found(path, head) == ["2 head"]


def test_problems_are_told_up_to_a_hundred(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    write_log(path, 150)
    path.write_bytes(path.read_bytes().replace(b"18500", b"18501"))
    result = verify(path)
    assert len(result.problems) == 100
    assert result.more
    assert result.head is None


def test_records_in_reverse_order_are_told_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    write_log(path, 1_500)
    first, *records = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([first, *reversed(records)]))
    result = verify(path)
    assert {each.kind for each in result.problems} <= {"order", "missing"}
    assert len(result.problems) <= 100
    assert result.problems


def test_a_line_of_any_length_is_not_read_as_a_whole(log: Path) -> None:
    with log.open("ab") as file:
        file.write(b"x" * (16 * 1024 * 1024 + 5) + b"\n")
    [problem] = verify(log).problems
    assert (problem.kind, problem.place.line) == ("layout", 10)


def test_json_that_nests_without_end_is_no_line(log: Path) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(
        b"".join(sealed_anew(8, b'"facts":{', b'"facts":' + b"[" * 100_000 + b"{")(lines))
    )
    assert found(log) == ["9 layout"]
    with pytest.raises(LogError):
        list(read_log(log))


def test_the_words_say_what_happened(log: Path) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(swapped(2, 6)(lines)))
    [problem] = verify(log).problems
    assert problem.diagnostic.message.text() == (
        "record 6 stands in the place of record 2, which is in line 7"
    )
    log.write_bytes(b"".join(without(2, 3, 4)(lines)))
    [problem] = verify(log).problems
    assert problem.diagnostic.message.text() == "records 2 to 4 are missing before this line"
    log.write_bytes(b"".join(moved(3, 6)(lines)))
    [problem] = verify(log).problems
    assert problem.diagnostic.message.text() == (
        "the lines from here to line 7 are not in their order: they hold records 4, 5, 6, 3"
    )


def test_several_files_are_one_log_if_each_follows_on_the_one_before(tmp_path: Path) -> None:
    path, old = tmp_path / "decisions.jsonl", tmp_path / "2024-06.jsonl"
    with DecisionLog(path, files=UNSYNCED) as log:
        for each in range(3):
            log.append(record(each), FACTS)
        kept = log.rotate(old)
        for each in range(2):
            log.append(record(each), FACTS)
        head = log.head
    both = verify(old, path)
    assert both.good
    assert (both.records, both.head, both.follows) == (5, head, None)
    assert verify(old, path, head=kept).good
    assert verify(path, head=kept).good
    assert verify(path).follows == kept
    assert [each.place.line for each in verify(path, old).problems] == [1]
    assert [each.seq for each in read_log(path)] == [4, 5]
    early = next(read_log(old))
    assert found(path, Head(early.seq, early.hash)) == ["3 head"]
    lines = old.read_bytes().splitlines(keepends=True)
    old.write_bytes(b"".join(lines[:-1]))
    assert verify(old).good, "alone, nothing tells that its end is missing"
    [problem] = verify(old, path).problems
    assert (problem.kind, problem.place.path, problem.place.line) == ("first", str(path), 1)
    together = tmp_path / "both.jsonl"
    together.write_bytes(b"".join(lines) + path.read_bytes())
    assert verify(together).good
    assert len(list(read_log(together))) == 5


def test_a_line_is_hashed_as_its_description_says(log: Path) -> None:
    previous = "0" * 64
    for line in log.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        body, _, rest = line.rpartition(',"hash":')
        assert rest == f'"{data["hash"]}"}}'
        assert hashlib.sha256(body.encode()).hexdigest() == data["hash"]
        assert data["previous"] == previous
        previous = data["hash"]


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="there is no such file or folder"):
        verify(tmp_path / "none.jsonl")
    with pytest.raises(LogError, match="this is a folder, where a file is wanted"):
        list(read_log(tmp_path))
