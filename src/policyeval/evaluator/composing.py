"""Code that puts the text of a record together from pieces that are known, written for one version.

A question that rules answer has one piece, by its result; a value stands between two of them. Where a
piece is not known yet, the function gives back what it was told, and `recorder` finds it out.
"""

import ast
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from policyeval.backends.complete import Ending
from policyeval.feel.compiler import make_function
from policyeval.feel.lowering.emit import (
    Pool,
    assign,
    attribute,
    call,
    compare,
    is_,
    literal,
    load,
    tuple_,
)

_ENDS = (KeyError, TypeError, ValueError, AttributeError)
"""What reading a piece that is not known ends in."""

_RESULTS, _REMARKS, _COMMON, _LEFT_OUT, _DAY = "q", "r", "c", "l", "d"


class Pieces(NamedTuple):
    """The pieces of the answers to a question.

    Attributes:
        exact: The type of its values, a day or a number; None if rules answer it, or of other types.
        by_rules: Whether rules answer it.
        remarks: Whether remarks may be made beside the answers.
        known: Results to pieces; with remarks, results with the question's own remarks and those of all.
        around: What stands before and after a value, by the remarks (or by 0, if there are none).
        several: Gives the text of other values, or of several, with the remarks.
    """

    exact: type | None
    by_rules: bool
    remarks: bool
    known: dict[Any, str]
    around: dict[Any, tuple[str, str]]
    several: Callable[[tuple[object, ...], Hashable, int], str]


def writer(
    questions: Sequence[Pieces],
    head: Mapping[int, tuple[str, str]],
    days: Mapping[date, str],
    number: Callable[[Decimal], str],
    presumed: Mapping[Any, str],
) -> Ending:
    """Write the function: of what is told, it gives the record, or what is told if it does not know all.

    Args:
        questions: In their order.
        head: What stands around the day asked on, by 0; nothing as long as it is not known.
        days: Days to their texts.
        number: Gives the text of a number.
        presumed: Questions that do not apply, as bits, and what was left out, to the end of the text.
    """
    pool = Pool()
    around_day = ast.Tuple([ast.Name("h", ast.Store()), ast.Name("i", ast.Store())], ast.Store())
    block: list[ast.stmt] = [
        ast.Assign([around_day], _item(pool.name(head), literal(0))),
        assign("o", literal(0)),
    ]
    of_days = pool.name(days)
    parts: list[ast.expr] = [load("h"), _item(of_days, load(_DAY)), load("i")]
    for place, each in enumerate(questions):
        result, remark = load(f"{_RESULTS}{place}"), _item(load(_REMARKS), literal(place))
        text, before, after = (f"{name}{place}" for name in "xyz")
        remarks = tuple_([remark, load(_COMMON)]) if each.remarks else literal(0)
        key = tuple_([result, remarks]) if each.remarks else result
        known = assign(text, _item(pool.name(each.known), key))
        outside: list[ast.stmt] = [
            ast.AugAssign(ast.Name("o", ast.Store()), ast.BitOr(), literal(1 << place)),
            known,
        ]
        parts.append(load(text))
        if each.by_rules:
            block += [known, ast.If(is_(result, None), outside[:1], [])]
            continue
        several = call(pool.name(each.several), result, remark, load(_COMMON))
        applies: list[ast.stmt] = [assign(text, several)]
        if each.exact is not None:
            parts[-1:] = map(load, (before, text, after))
            empty = [assign(name, literal("")) for name in (before, after)]
            outside += empty
            of_number = call(pool.name(number), result)
            ends = [ast.Name(name, ast.Store()) for name in (before, after)]
            around = _item(pool.name(each.around), remarks)
            alone: list[ast.stmt] = [
                ast.Assign([ast.Tuple(list[ast.expr](ends), ast.Store())], around),
                assign(text, of_number if each.exact is Decimal else _item(of_days, result)),
            ]
            is_alone = compare(call(pool.name(type), result), ast.Is(), pool.name(each.exact))
            rest: ast.stmt = ast.If(is_(result, None), outside, [*applies, *empty])
            block.append(ast.If(is_alone, alone, [rest]))
            continue
        block.append(ast.If(is_(result, None), outside, applies))
    parts.append(_item(pool.name(presumed), tuple_([load("o"), load(_LEFT_OUT)])))
    joined = call(attribute(literal(""), "join"), tuple_(parts))
    block.append(ast.Return(call(attribute(joined, "encode"))))
    results = [f"{_RESULTS}{place}" for place in range(len(questions))]
    others = [_REMARKS, _COMMON, _LEFT_OUT]
    told = tuple_([tuple_([load(each) for each in results]), *(load(each) for each in others)])
    handler = ast.ExceptHandler(pool.name(_ENDS), None, [ast.Return(told)])
    names = [ast.arg(each) for each in (*results, *others, _DAY)]
    arguments = ast.arguments([], names, None, [], [], None, [])
    tried = ast.Try(block, [handler], [], [])
    definition = ast.FunctionDef("write", arguments, [tried], [])
    return make_function(definition, pool.values, "<record>")


def _item(of: ast.expr, key: ast.expr) -> ast.expr:
    return ast.Subscript(of, key, ast.Load())
