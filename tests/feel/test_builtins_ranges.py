"""How points and ranges lie to each other, and ranges read from text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval.feel import operators, temporal
from policyeval.feel.builtins.ranges import BUILTINS
from policyeval.feel.failure import Failure
from policyeval.feel.invocation import select
from policyeval.feel.syntax import ComparisonOperator
from policyeval.feel.values import Range, Value
from policyeval.feel.writing import value_text

BY_NAME = {each.name: each for each in BUILTINS}


def call(name: str, *arguments: Value, names: list[str] | None = None) -> object:
    """Give the result of a call, or the code of its failure."""
    try:
        signature, converted = select(BY_NAME[name], arguments, names)
        return signature.function(*converted)
    except Failure as failure:
        return failure.code


def value(text: str) -> Value:
    """Read a whole number, or a range of them."""
    if text[0] in "[(":
        start, _, end = text[1:-1].partition("..")
        return operators.make_range(Decimal(start), Decimal(end), text[0] == "[", text[-1] == "]")
    return Decimal(text)


# Name, the two arguments, and whether they stand in the relation.
RELATIONS = """
before         | 1       | 2       | yes
before         | 2       | 2       | no
before         | 3       | 2       | no
before         | 1       | [2..4]  | yes
before         | 2       | [2..4]  | no
before         | 2       | (2..4]  | yes
before         | 3       | (2..4]  | no
before         | [2..4]  | 5       | yes
before         | [2..4]  | 4       | no
before         | [2..4)  | 4       | yes
before         | [2..4]  | [5..6]  | yes
before         | [2..4]  | [4..6]  | no
before         | [2..4)  | [4..6]  | yes
before         | [2..4]  | (4..6]  | yes
before         | [2..4)  | (4..6]  | yes
before         | [5..6]  | [2..4]  | no
after          | 2       | 1       | yes
after          | 2       | 2       | no
after          | 5       | [2..4]  | yes
after          | 4       | [2..4]  | no
after          | 4       | [2..4)  | yes
after          | [2..4]  | 1       | yes
after          | [2..4]  | 2       | no
after          | (2..4]  | 2       | yes
after          | [5..6]  | [2..4]  | yes
after          | [4..6]  | [2..4]  | no
after          | (4..6]  | [2..4]  | yes
after          | [4..6]  | [2..4)  | yes
meets          | [1..3]  | [3..5]  | yes
meets          | [1..3)  | [3..5]  | no
meets          | [1..3]  | (3..5]  | no
meets          | [1..3]  | [4..5]  | no
meets          | [1..3]  | [2..5]  | no
met by         | [3..5]  | [1..3]  | yes
met by         | (3..5]  | [1..3]  | no
met by         | [3..5]  | [1..3)  | no
met by         | [1..3]  | [3..5]  | no
overlaps       | [1..3]  | [2..5]  | yes
overlaps       | [2..5]  | [1..3]  | yes
overlaps       | [1..9]  | [2..5]  | yes
overlaps       | [1..3]  | [3..5]  | yes
overlaps       | [1..3)  | [3..5]  | no
overlaps       | [1..3]  | (3..5]  | no
overlaps       | [3..5]  | [1..3)  | no
overlaps       | [1..3]  | [4..5]  | no
overlaps before| [1..3]  | [2..5]  | yes
overlaps before| [2..5]  | [1..3]  | no
overlaps before| [1..3]  | [3..5]  | yes
overlaps before| [1..3]  | (3..5]  | no
overlaps before| [1..3)  | [3..5]  | no
overlaps before| [1..3)  | (1..3]  | yes
overlaps before| [1..3]  | (1..3]  | yes
overlaps before| [1..3]  | (1..3)  | no
overlaps before| [1..3]  | [1..3]  | no
overlaps before| [1..3)  | [1..3]  | no
overlaps before| [1..9]  | [2..5]  | no
overlaps after | [2..5]  | [1..3]  | yes
overlaps after | [1..3]  | [2..5]  | no
overlaps after | [3..5]  | [1..3]  | yes
overlaps after | (3..5]  | [1..3]  | no
overlaps after | (1..3]  | [1..3)  | yes
overlaps after | (1..3]  | [1..3]  | yes
overlaps after | [1..3]  | [1..3]  | no
overlaps after | [1..3]  | [1..3)  | no
finishes       | 5       | [1..5]  | yes
finishes       | 5       | [1..5)  | no
finishes       | 4       | [1..5]  | no
finishes       | [3..5]  | [1..5]  | yes
finishes       | [3..5)  | [1..5]  | no
finishes       | [3..5)  | [1..5)  | yes
finishes       | [1..5]  | [1..5]  | yes
finishes       | (1..5]  | [1..5]  | yes
finishes       | [1..5]  | (1..5]  | no
finishes       | [1..5]  | [3..5]  | no
finished by    | [1..5]  | 5       | yes
finished by    | [1..5)  | 5       | no
finished by    | [1..5]  | [3..5]  | yes
finished by    | [1..5]  | [3..5)  | no
finished by    | [1..5)  | [3..5)  | yes
finished by    | [1..5]  | [1..5]  | yes
finished by    | [1..5]  | (1..5]  | yes
finished by    | (1..5]  | [1..5]  | no
includes       | [1..5]  | 3       | yes
includes       | [1..5]  | 1       | yes
includes       | (1..5]  | 1       | no
includes       | [1..5]  | 5       | yes
includes       | [1..5)  | 5       | no
includes       | [1..5]  | 6       | no
includes       | [1..5]  | [2..3]  | yes
includes       | [1..5]  | [1..5]  | yes
includes       | [1..5]  | (1..5)  | yes
includes       | (1..5)  | [1..5]  | no
includes       | [1..5)  | [2..5)  | yes
includes       | [1..5)  | [2..5]  | no
includes       | [1..5]  | [2..6]  | no
during         | 3       | [1..5]  | yes
during         | 1       | (1..5]  | no
during         | 5       | [1..5)  | no
during         | [2..3]  | [1..5]  | yes
during         | (1..5)  | [1..5]  | yes
during         | [1..5]  | (1..5)  | no
during         | [1..5)  | [1..5]  | yes
starts         | 1       | [1..5]  | yes
starts         | 1       | (1..5]  | no
starts         | 2       | [1..5]  | no
starts         | [1..3]  | [1..5]  | yes
starts         | (1..3]  | (1..5]  | yes
starts         | (1..3]  | [1..5]  | no
starts         | [1..3]  | (1..5]  | no
starts         | [1..5]  | [1..5]  | yes
starts         | [1..5)  | [1..5]  | yes
starts         | [1..5]  | [1..5)  | no
started by     | [1..5]  | 1       | yes
started by     | (1..5]  | 1       | no
started by     | [1..5]  | [1..3]  | yes
started by     | (1..5]  | (1..3]  | yes
started by     | [1..5]  | (1..3]  | no
started by     | [1..5]  | [1..5]  | yes
started by     | [1..5]  | [1..5)  | yes
started by     | [1..5)  | [1..5]  | no
coincides      | 3       | 3       | yes
coincides      | 3       | 4       | no
coincides      | [1..5]  | [1..5]  | yes
coincides      | (1..5]  | [1..5]  | no
coincides      | [1..5]  | [1..5)  | no
coincides      | [1..5]  | [1..6]  | no
"""
ROWS = [tuple(part.strip() for part in line.split("|")) for line in RELATIONS.split("\n") if line]


@pytest.mark.parametrize(("name", "first", "second", "holds"), ROWS)
def test_points_and_ranges_stand_in_the_relations_of_the_specification(
    name: str, first: str, second: str, holds: str
) -> None:
    assert call(name, value(first), value(second)) is (holds == "yes")


def test_every_relation_has_rows_of_both_outcomes() -> None:
    for name in BY_NAME.keys() - {"range"}:
        assert {row[3] for row in ROWS if row[0] == name} == {"yes", "no"}


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("before", ["point1", "point2"]),
        ("coincides", ["point1", "point2"]),
        ("after", ["point1", "point2"]),
    ],
)
def test_points_can_be_named(name: str, names: list[str]) -> None:
    assert call(name, Decimal(1), Decimal(1), names=names) is (name == "coincides")


@pytest.mark.parametrize(
    ("name", "names", "arguments", "expected"),
    [
        ("before", ["point", "range"], ("1", "[2..3]"), True),
        ("before", ["range2", "range1"], ("[4..5]", "[2..3]"), True),
        ("includes", ["point", "range"], ("2", "[2..3]"), True),
        ("during", ["range", "point"], ("[2..3]", "2"), True),
        ("meets", ["range2", "range1"], ("[3..5]", "[2..3]"), True),
        ("starts", ["range", "point"], ("[2..3]", "2"), True),
        ("started by", ["point", "range"], ("2", "[2..3]"), True),
        ("finishes", ["range", "point"], ("[2..3]", "2"), False),
        ("finished by", ["point", "range"], ("3", "[2..3]"), True),
        ("meets", ["a", "b"], ("[2..3]", "[3..4]"), "eval.arguments"),
    ],
)
def test_arguments_can_be_named_in_any_order(
    name: str, names: list[str], arguments: tuple[str, ...], expected: object
) -> None:
    assert call(name, *map(value, arguments), names=names) == expected


@pytest.mark.parametrize(
    ("name", "first", "second", "code"),
    [
        ("before", None, Decimal(1), "eval.null"),
        ("before", Decimal(1), "a", "eval.type"),
        ("after", "a", value("[1..2]"), "eval.type"),
        ("before", True, False, "eval.type"),
        ("coincides", True, True, "eval.type"),
        ("meets", Decimal(1), value("[1..2]"), "eval.type"),
        ("meets", value("[1..2]"), operators.make_range("a", "b", True, True), "eval.type"),
        ("includes", value("[1..2]"), None, "eval.null"),
        ("includes", operators.make_range(None, Decimal(5), True, True), Decimal(1), "eval.null"),
        ("overlaps", value("[1..2]"), operators.comparison_range("!=", Decimal(1)), "eval.domain"),
    ],
)
def test_what_does_not_compare_stands_in_no_relation(
    name: str, first: Value, second: Value, code: str
) -> None:
    assert call(name, first, second) == code


@pytest.mark.parametrize(
    ("name", "first", "second", "expected"),
    [
        ("includes", ("<=", 10), "5", True),
        ("includes", ("<=", 10), "11", False),
        ("includes", (">", 10), "10", False),
        ("before", ("<", 10), "10", True),
        ("before", (">", 10), "100", False),
        ("after", (">", 10), "10", True),
        ("overlaps", ("<", 10), "[9..20]", True),
        ("overlaps", ("<", 10), "[10..20]", False),
        ("includes", (">=", 10), "[10..20]", True),
        ("includes", ("=", 10), "10", True),
        ("started by", (">=", 10), "10", True),
    ],
)
def test_a_side_that_a_comparison_leaves_open_has_no_end(
    name: str, first: tuple[ComparisonOperator, int], second: str, expected: bool
) -> None:
    range_ = operators.comparison_range(first[0], Decimal(first[1]))
    assert call(name, range_, value(second)) is expected


def test_two_ranges_open_to_the_same_side_coincide_or_start_together() -> None:
    low = operators.comparison_range("<", Decimal(5))
    high = operators.comparison_range("<", Decimal(10))
    assert call("coincides", low, low) is True
    assert call("coincides", low, high) is False
    assert call("starts", low, high) is True
    assert call("during", low, high) is True
    assert call("overlaps", low, high) is True


def test_relations_are_for_dates_and_texts_too() -> None:
    first, second = temporal.parse_temporal("2024-01-31"), temporal.parse_temporal("2024-02-29")
    month = operators.make_range(first, second, True, True)
    assert call("finishes", second, month) is True
    assert call("before", "a", "b") is True


ENDS = st.integers(0, 4)
RANGES = st.tuples(ENDS, ENDS, st.booleans(), st.booleans()).map(
    lambda each: Range(Decimal(min(each[:2])), Decimal(max(each[:2])), each[2], each[3])
)
OPPOSITES = [
    ("before", "after"),
    ("meets", "met by"),
    ("overlaps", "overlaps"),
    ("overlaps before", "overlaps after"),
    ("finishes", "finished by"),
    ("includes", "during"),
    ("starts", "started by"),
    ("coincides", "coincides"),
]


@pytest.mark.parametrize(("name", "opposite"), OPPOSITES)
@given(first=RANGES, second=RANGES)
def test_a_relation_and_its_opposite_agree(
    name: str, opposite: str, first: Range, second: Range
) -> None:
    assert call(name, first, second) is call(opposite, second, first)


@given(st.integers(0, 4).map(Decimal), RANGES)
def test_includes_agrees_with_in_and_with_before_and_after(point: Decimal, range_: Range) -> None:
    if range_.start == range_.end and range_.start_included != range_.end_included:
        return  # the formula of the specification takes one included end for enough
    inside = call("includes", range_, point)
    assert inside is operators.contains(range_, point)
    if range_.start != range_.end:
        assert inside is not (call("before", point, range_) or call("after", point, range_))


# ---------------------------------------------------------------------- range(from)


def t(text: str) -> Value:
    """Read a date, time or duration."""
    return temporal.parse_temporal(text)


def between(start: Value, end: Value, ends: str = "[]") -> Range:
    return operators.make_range(start, end, ends[0] == "[", ends[1] == "]")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[18..21]", between(Decimal(18), Decimal(21))),
        ("(18..21)", between(Decimal(18), Decimal(21), "()")),
        ("]18..21[", between(Decimal(18), Decimal(21), "()")),
        ("[-1.5...5]", between(Decimal("-1.5"), Decimal("0.5"))),
        ("[1e2..1E+3]", between(Decimal(100), Decimal(1000))),
        (" [ 1 .. 2 ) ", between(Decimal(1), Decimal(2), "[)")),
        ('["a".."c"]', between("a", "c")),
        (r'["a\"..b".."c\u0041"]', between('a"..b', "cA")),
        ('[@"2024-01-01"..@"2024-12-31"]', between(t("2024-01-01"), t("2024-12-31"))),
        ('[@ "10:00:00" .. @"11:00:00"]', between(t("10:00:00"), t("11:00:00"))),
        ('[date("2024-01-01")..date ( "2024-12-31" )]', between(t("2024-01-01"), t("2024-12-31"))),
        (
            '[date and time("2024-01-01T00:00:00")..@"2024-12-31T00:00:00")',
            between(t("2024-01-01T00:00:00"), t("2024-12-31T00:00:00"), "[)"),
        ),
        ('[time("10:00:00")..time("11:00:00")]', between(t("10:00:00"), t("11:00:00"))),
        ('[duration("P1D")..@"P2D"]', between(t("P1D"), t("P2D"))),
        ("[2..)", operators.comparison_range(">=", Decimal(2))),
        ("(2..)", operators.comparison_range(">", Decimal(2))),
        ("(..2)", operators.comparison_range("<", Decimal(2))),
        ("]..2]", operators.comparison_range("<=", Decimal(2))),
        ("[..2]", "eval.literal"),
        ("[2..]", "eval.literal"),
        ("[..]", "eval.literal"),
        ("(..)", "eval.literal"),
        ("", "eval.literal"),
        ("[1..2", "eval.literal"),
        ("1..2", "eval.literal"),
        ("[1,2]", "eval.literal"),
        ("[1..2]x", "eval.literal"),
        ("[1+1..3]", "eval.literal"),
        ("[a..b]", "eval.literal"),
        ("[null..2]", "eval.literal"),
        ("[true..false]", "eval.literal"),
        ("< 10", "eval.literal"),
        ('[date(x)..@"2024-01-01"]', "eval.literal"),
        ('[upper case("a").."b"]', "eval.literal"),
        ('[date and time(string("2024-01-01T00:00:00"))..@"2024-12-31T00:00:00"]', "eval.literal"),
        ('[@"2024-02-30"..@"2024-12-31"]', "eval.literal"),
        ('[date("P1D")..@"2024-12-31"]', "eval.literal"),
        ('["a\nb".."c"]', "eval.literal"),
        ('[1.."b"]', "eval.type"),
        ('[@"2024-01-01"..@"2024-12-31T00:00:00"]', "eval.type"),
        ("[3..1]", "eval.domain"),
        ("[1e9999..1]", "eval.number-range"),
    ],
)
def test_a_range_is_read_from_text_with_literals_for_ends(text: str, expected: object) -> None:
    assert call("range", text) == expected


@pytest.mark.parametrize("start", ["[", '["', '["\\', "[1", "[ ", "[1 ", "[date", '[date(" '])
@pytest.mark.parametrize("end", ["", "..", "x", "]"])
def test_a_long_text_that_is_no_range_is_refused_at_once(start: str, end: str) -> None:
    assert call("range", start[:-1] + start[-1] * 60_000 + end) == "eval.literal"


@pytest.mark.parametrize(
    "arguments", [(), ("[1..2]", "x"), (between(Decimal(1), Decimal(2)),), (None,)]
)
def test_range_wants_one_text(arguments: tuple[Value, ...]) -> None:
    assert call("range", *arguments) in {"eval.arguments", "eval.type", "eval.null"}


ENDPOINTS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-99, max_value=99),
    st.text(max_size=6),
    st.dates(),
    st.timedeltas(),
)


@given(ENDPOINTS, ENDPOINTS, st.booleans(), st.booleans())
def test_range_reads_what_string_writes(
    start: Value, end: Value, start_included: bool, end_included: bool
) -> None:
    try:
        range_ = operators.make_range(start, end, start_included, end_included)
    except Failure:
        return
    read = call("range", value_text(range_))
    assert isinstance(read, Range)
    assert operators.equal(read, range_)
