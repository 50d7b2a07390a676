"""Range built-ins: how points and ranges lie to each other (DMN 1.5, table 78), and `range`.

Each relation is the formula of the specification. A side that a range leaves open, as `(< 10)`
does, lies before every point at its start, and after every point at its end. `(!= 10)` is no
stretch of values and stands in no relation.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from policyeval.feel import operators, temporal
from policyeval.feel.builtins.conversion import read_number
from policyeval.feel.builtins.declaration import Builtin, Example, Parameter, Signature
from policyeval.feel.failure import Failure
from policyeval.feel.syntax import ComparisonOperator
from policyeval.feel.types import ANY, BOOLEAN, STRING, RangeOf
from policyeval.feel.values import Range, Value
from policyeval.feel.writing import shown, unquoted
from policyeval.messages import Message, message

# ---------------------------------------------------------------------- ends


@dataclass(frozen=True, slots=True)
class _Unbounded:
    """The start (-1) or the end (1) of a range that has none."""

    side: int


_End = _Unbounded | Value


def _start(range_: Range) -> _End:
    _check_stretch(range_)
    return _Unbounded(-1) if range_.operator in ("<", "<=") else range_.start


def _end(range_: Range) -> _End:
    _check_stretch(range_)
    return _Unbounded(1) if range_.operator in (">", ">=") else range_.end


def _check_stretch(range_: Range) -> None:
    if range_.operator == "!=":
        raise Failure(
            "eval.domain", message("a range of all values but one has no start and no end")
        )


def _order(left: _End, right: _End) -> int:
    if isinstance(left, _Unbounded) or isinstance(right, _Unbounded):
        return _side(left) - _side(right)
    return operators.order(left, right)


def _side(end: _End) -> int:
    return end.side if isinstance(end, _Unbounded) else 0


def _before(left: _End, right: _End) -> bool:
    return _order(left, right) < 0


def _equal(left: _End, right: _End) -> bool:
    return _order(left, right) == 0


# ---------------------------------------------------------------------- relations


def _point_before_range(point: Value, range_: Range) -> bool:
    order = _order(point, _start(range_))
    return order < 0 or (order == 0 and not range_.start_included)


def _range_before_point(range_: Range, point: Value) -> bool:
    order = _order(_end(range_), point)
    return order < 0 or (order == 0 and not range_.end_included)


def _range_before_range(range1: Range, range2: Range) -> bool:
    order = _order(_end(range1), _start(range2))
    return order < 0 or (order == 0 and not (range1.end_included and range2.start_included))


def _point_after_range(point: Value, range_: Range) -> bool:
    return _range_before_point(range_, point)


def _range_after_point(range_: Range, point: Value) -> bool:
    return _point_before_range(point, range_)


def _range_after_range(range1: Range, range2: Range) -> bool:
    return _range_before_range(range2, range1)


def _meets(range1: Range, range2: Range) -> bool:
    touch = _equal(_end(range1), _start(range2))
    return touch and range1.end_included and range2.start_included


def _met_by(range1: Range, range2: Range) -> bool:
    return _meets(range2, range1)


def _reaches(range1: Range, range2: Range) -> bool:
    """Tell whether the first range goes on to where the second starts, or further."""
    order = _order(_end(range1), _start(range2))
    return order > 0 or (order == 0 and range1.end_included and range2.start_included)


def _overlaps(range1: Range, range2: Range) -> bool:
    return _reaches(range1, range2) and _reaches(range2, range1)


def _overlaps_before(range1: Range, range2: Range) -> bool:
    starts = _order(_start(range1), _start(range2))
    ends = _order(_end(range1), _end(range2))
    return (
        (starts < 0 or (starts == 0 and range1.start_included and not range2.start_included))
        and _reaches(range1, range2)
        and (ends < 0 or (ends == 0 and (not range1.end_included or range2.end_included)))
    )


def _overlaps_after(range1: Range, range2: Range) -> bool:
    # Not simply the other way round in the specification's text, but it comes to the same.
    return _overlaps_before(range2, range1)


def _point_finishes(point: Value, range_: Range) -> bool:
    return _equal(_end(range_), point) and range_.end_included


def _starts_within(range1: Range, range2: Range) -> bool:
    """Tell whether the first range starts with the second, or later."""
    order = _order(_start(range1), _start(range2))
    return order > 0 or (order == 0 and (not range1.start_included or range2.start_included))


def _ends_within(range1: Range, range2: Range) -> bool:
    """Tell whether the first range ends with the second, or earlier."""
    order = _order(_end(range1), _end(range2))
    return order < 0 or (order == 0 and (not range1.end_included or range2.end_included))


def _range_finishes(range1: Range, range2: Range) -> bool:
    same_end = _equal(_end(range1), _end(range2)) and range1.end_included == range2.end_included
    return _starts_within(range1, range2) and same_end


def _finished_by_point(range_: Range, point: Value) -> bool:
    return _point_finishes(point, range_)


def _finished_by_range(range1: Range, range2: Range) -> bool:
    return _range_finishes(range2, range1)


def _includes_point(range_: Range, point: Value) -> bool:
    starts, ends = _order(_start(range_), point), _order(_end(range_), point)
    return (
        (starts < 0 < ends)
        or (starts == 0 and range_.start_included)
        or (ends == 0 and range_.end_included)
    )


def _includes_range(range1: Range, range2: Range) -> bool:
    return _starts_within(range2, range1) and _ends_within(range2, range1)


def _during_point(point: Value, range_: Range) -> bool:
    return _includes_point(range_, point)


def _during_range(range1: Range, range2: Range) -> bool:
    return _includes_range(range2, range1)


def _point_starts(point: Value, range_: Range) -> bool:
    return _equal(_start(range_), point) and range_.start_included


def _range_starts(range1: Range, range2: Range) -> bool:
    same_start = (
        _equal(_start(range1), _start(range2)) and range1.start_included == range2.start_included
    )
    return _ends_within(range1, range2) and same_start


def _started_by_point(range_: Range, point: Value) -> bool:
    return _point_starts(point, range_)


def _started_by_range(range1: Range, range2: Range) -> bool:
    return _range_starts(range2, range1)


def _coincide_points(point1: Value, point2: Value) -> bool:
    return operators.order(point1, point2) == 0


def _coincide_ranges(range1: Range, range2: Range) -> bool:
    return (
        _equal(_start(range1), _start(range2))
        and range1.start_included == range2.start_included
        and _equal(_end(range1), _end(range2))
        and range1.end_included == range2.end_included
    )


# ---------------------------------------------------------------------- range(from)

# Possessive: what stands between two places for blanks may be missing, and then there are two ways
# to share them out for each of them.
_BLANK = r"[\s\u180e\u200b\ufeff]*+"
_NUMBER = r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_STRING = r'"(?:[^"\\\n\x0b\f\r]|\\.)*+"'
_TEMPORAL = rf"@{_BLANK}{_STRING}"
_CALL = rf"(?:date(?:\s+and\s+time)?|time|duration){_BLANK}\({_BLANK}{_STRING}{_BLANK}\)"
_LITERAL = rf"{_NUMBER}|{_STRING}|{_TEMPORAL}|{_CALL}"
# Grammar rules 66 and 67: the ends are literals, nothing to be computed.
_RANGE = rf"{_BLANK}([\[(\]]){_BLANK}({_LITERAL})?{_BLANK}\.\.{_BLANK}({_LITERAL})?{_BLANK}([\])\[]){_BLANK}"
_READERS: dict[str, Callable[[str], Value]] = {
    "@": temporal.parse_temporal,
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "date and time": temporal.parse_date_and_time,
    "duration": temporal.parse_duration,
}


def _range_from(text: str) -> Range:
    match = re.fullmatch(_RANGE, text)
    if match is None:
        raise _no_range(text)
    opening, start_text, end_text, closing = match.groups()
    start_included, end_included = opening == "[", closing == "]"
    if start_text is not None and end_text is not None:
        return operators.make_range(
            _literal(start_text), _literal(end_text), start_included, end_included
        )
    # A side without an end is open: `[2..)` is `>= 2`, and `[2..]` is nothing.
    operator: ComparisonOperator
    if start_text is not None and not end_included:
        operator = ">=" if start_included else ">"
        return operators.comparison_range(operator, _literal(start_text))
    if end_text is not None and not start_included:
        operator = "<=" if end_included else "<"
        return operators.comparison_range(operator, _literal(end_text))
    raise _no_range(text)


def _literal(text: str) -> Value:
    if '"' not in text:
        return read_number(text)
    written = unquoted(text[text.index('"') : text.rindex('"') + 1])
    if text[0] == '"':
        return written
    name = "@" if text[0] == "@" else " ".join(text[: text.index("(")].split())
    return _READERS[name](written)


def _no_range(text: str) -> Failure:
    return Failure(
        "eval.literal",
        message(
            "{text} is no range: a range is written as in `[18..21)`, and its ends as literals",
            text=shown(text),
        ),
    )


# ---------------------------------------------------------------------- declarations

_RANGE_TYPE = RangeOf(ANY)


def _parameters(*names: str) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(name, _RANGE_TYPE if name.startswith("range") else ANY) for name in names
    )


def _relation(
    name: str,
    summary: Message,
    examples: tuple[tuple[str, bool], ...],
    **functions: Callable[..., bool],
) -> Builtin:
    # Ranges come first: a point may be of any kind, so its parameter would take a range as well.
    return Builtin(
        name,
        summary,
        tuple(
            Signature(_parameters(*_PARAMETERS[kinds]), BOOLEAN, functions[kinds])
            for kinds in _PARAMETERS
            if kinds in functions
        ),
        tuple(Example(text, "true" if result else "false") for text, result in examples),
    )


_PARAMETERS = {
    "ranges": ("range1", "range2"),
    "point_range": ("point", "range"),
    "range_point": ("range", "point"),
    "points": ("point1", "point2"),
}

BUILTINS: tuple[Builtin, ...] = (
    Builtin(
        "range",
        message("a range read from text; its ends are literals, and one may be left out"),
        (Signature((Parameter("from", STRING),), _RANGE_TYPE, _range_from),),
        (
            Example('range("[18..21)")', "[18..21)"),
            Example('range("[2..)")', "(>= 2)"),
            Example('range("(..2)")', "(< 2)"),
            Example(
                'range("[@\\"2024-01-01\\"..@\\"2024-12-31\\"]")', '[@"2024-01-01"..@"2024-12-31"]'
            ),
            Example('range("[..]")', "null"),
            Example('range("[3..1]")', "null"),
        ),
    ),
    _relation(
        "before",
        message("whether the first lies wholly before the second"),
        (
            ("before(1, 10)", True),
            ("before(1, [1..10])", False),
            ("before(1, (1..10])", True),
            ("before([1..10), 10)", True),
            ("before([1..10], [15..20])", True),
            ("before([1..10], [10..20])", False),
        ),
        points=operators.less,
        point_range=_point_before_range,
        range_point=_range_before_point,
        ranges=_range_before_range,
    ),
    _relation(
        "after",
        message("whether the first lies wholly after the second"),
        (
            ("after(10, 5)", True),
            ("after(10, [1..10))", True),
            ("after([11..20], 12)", False),
            ("after([11..20], [1..10])", True),
            ("after((11..20], [1..11])", True),
        ),
        points=operators.greater,
        point_range=_point_after_range,
        range_point=_range_after_point,
        ranges=_range_after_range,
    ),
    _relation(
        "meets",
        message("whether the first range ends where the second starts, that point in both"),
        (("meets([1..5], [5..10])", True), ("meets([1..5), [5..10])", False)),
        ranges=_meets,
    ),
    _relation(
        "met by",
        message("whether the first range starts where the second ends, that point in both"),
        (("met by([5..10], [1..5])", True), ("met by((5..10], [1..5])", False)),
        ranges=_met_by,
    ),
    _relation(
        "overlaps",
        message("whether the ranges have something in common"),
        (
            ("overlaps([1..5], [3..8])", True),
            ("overlaps([1..5], [5..8])", True),
            ("overlaps([1..5], (5..8])", False),
        ),
        ranges=_overlaps,
    ),
    _relation(
        "overlaps before",
        message("whether the first range starts before the second and ends within it"),
        (
            ("overlaps before([1..5], [3..8])", True),
            ("overlaps before([1..5], [6..8])", False),
            ("overlaps before([1..5], (1..5])", True),
        ),
        ranges=_overlaps_before,
    ),
    _relation(
        "overlaps after",
        message("whether the first range starts within the second and ends after it"),
        (
            ("overlaps after([3..8], [1..5])", True),
            ("overlaps after([6..8], [1..5])", False),
            ("overlaps after((1..5], [1..5])", True),
        ),
        ranges=_overlaps_after,
    ),
    _relation(
        "finishes",
        message("whether the first ends the range that is the second"),
        (
            ("finishes(10, [1..10])", True),
            ("finishes(10, [1..10))", False),
            ("finishes([5..10], [1..10])", True),
        ),
        point_range=_point_finishes,
        ranges=_range_finishes,
    ),
    _relation(
        "finished by",
        message("whether the range that is the first ends with the second"),
        (
            ("finished by([1..10], 10)", True),
            ("finished by([1..10), 10)", False),
            ("finished by([1..10], [5..10])", True),
        ),
        range_point=_finished_by_point,
        ranges=_finished_by_range,
    ),
    _relation(
        "includes",
        message("whether all of the second lies in the range that is the first"),
        (
            ("includes([1..10], 5)", True),
            ("includes((1..10], 1)", False),
            ("includes([1..10], [4..6])", True),
        ),
        range_point=_includes_point,
        ranges=_includes_range,
    ),
    _relation(
        "during",
        message("whether all of the first lies in the range that is the second"),
        (
            ("during(5, [1..10])", True),
            ("during(1, (1..10])", False),
            ("during([4..6], [1..10])", True),
        ),
        point_range=_during_point,
        ranges=_during_range,
    ),
    _relation(
        "starts",
        message("whether the first starts the range that is the second"),
        (
            ("starts(1, [1..10])", True),
            ("starts(1, (1..10])", False),
            ("starts([1..5], [1..10])", True),
        ),
        point_range=_point_starts,
        ranges=_range_starts,
    ),
    _relation(
        "started by",
        message("whether the range that is the first starts with the second"),
        (
            ("started by([1..10], 1)", True),
            ("started by((1..10], 1)", False),
            ("started by([1..10], [1..5])", True),
        ),
        range_point=_started_by_point,
        ranges=_started_by_range,
    ),
    _relation(
        "coincides",
        message("whether two points, or two ranges, are the same"),
        (
            ("coincides(5, 5)", True),
            ("coincides([1..5], [1..5])", True),
            ("coincides((1..5), [1..5])", False),
        ),
        points=_coincide_points,
        ranges=_coincide_ranges,
    ),
)
