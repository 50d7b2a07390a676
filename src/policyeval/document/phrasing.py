"""Conditions in words: `approved_on <= window_ends_on` as a reader of the terms would say it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from policyeval.document.values import Values
from policyeval.feel import syntax, types
from policyeval.messages import Message, message

Block = str | tuple[str, tuple["Block", ...]]
"""A line, or a line with others below it."""

_OPPOSITE: Final = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MOST_INLINE = 2


@dataclass(frozen=True, slots=True)
class Phrasing(Values):
    """Says conditions and formulas in words, for one policy and one language."""

    def condition(self, node: syntax.Node, *, holds: bool = True) -> Block:
        """Say a condition, or that it does not hold."""
        match node:
            case syntax.Conjunction(operands):
                return self._several(operands, holds, conjunction=holds)
            case syntax.Disjunction(operands):
                return self._several(operands, holds, conjunction=not holds)
            case syntax.Call(syntax.Name("not"), (syntax.Argument(operand, None),)):
                return self.condition(operand, holds=not holds)
            case syntax.If(condition, consequence, alternative):
                return self._if(condition, consequence, alternative, holds)
            case syntax.Quantified():
                return self._quantified(node, holds)
            case syntax.BooleanLiteral(value):
                return self.say(message("always") if value == holds else message("never"))
            case _:
                return self._atom(node, holds)

    def value(self, node: syntax.Node) -> Block:
        """Say what a formula computes."""
        match node:
            case syntax.BooleanLiteral():
                return self.term(node)
            case _ if types.required(self.checked.type_of(node)) == types.BOOLEAN:
                return self.condition(node)
            case syntax.If(condition, consequence, alternative):
                return self._if(condition, consequence, alternative, None)
            case _:
                return self.term(node)

    def inline(self, node: syntax.Node) -> str | None:
        """Say a condition within a line, or give None if it takes several."""
        said = self.condition(node)
        return said if isinstance(said, str) else None

    # ------------------------------------------------------------ conditions of several parts

    def _several(self, operands: Sequence[syntax.Node], holds: bool, *, conjunction: bool) -> Block:
        parts = tuple(self.condition(each, holds=holds) for each in operands)
        lines = [each for each in parts if isinstance(each, str)]
        # An "and" within an "or" could be read in two ways; such parts stand below each other.
        if len(lines) == len(parts) <= _MOST_INLINE and not any(map(_has_parts, operands)):
            word = message("and") if conjunction else message("or")
            return f" {self.say(word)} ".join(lines)
        head = message("all of this holds:") if conjunction else message("one of these holds:")
        return self.say(head), parts

    def _if(
        self,
        condition: syntax.Node,
        consequence: syntax.Node,
        alternative: syntax.Node,
        holds: bool | None,
    ) -> Block:
        def said(node: syntax.Node) -> Block:
            return self.value(node) if holds is None else self.condition(node, holds=holds)

        return (
            self.say(message("depending on a condition:")),
            (
                labelled(self.say(message("if this holds:")), self.condition(condition)),
                labelled(self.say(message("then:")), said(consequence)),
                labelled(self.say(message("otherwise:")), said(alternative)),
            ),
        )

    def _quantified(self, node: syntax.Quantified, holds: bool) -> Block:
        lists = self.listed([self.term(each.source) for each in node.iterations])
        head = message("for each of {list}:", list=lists)
        if (node.quantifier == "some") == holds:
            head = message("for at least one of {list}:", list=lists)
        return self.say(head), (self.condition(node.condition, holds=holds),)

    # ------------------------------------------------------------ conditions of one part

    def _atom(self, node: syntax.Node, holds: bool) -> str:
        match node:
            case syntax.Comparison(
                "=" | "!=" as operator, left, syntax.NullLiteral()
            ) | syntax.Comparison("=" | "!=" as operator, syntax.NullLiteral(), left):
                if (operator == "!=") == holds:
                    return self.say(message("{what} is given", what=self.term(left)))
                return self.say(message("{what} is not given", what=self.term(left)))
            case syntax.Comparison(operator, left, right):
                return self._comparison(operator if holds else _OPPOSITE[operator], left, right)
            case syntax.In(value, tests):
                return self._in(value, tests, holds)
            case syntax.Between(value, low, high):
                return self._between(value, low, high, holds)
            case syntax.Name(name) if name.startswith(("happened(", "never(")):
                word, _, event = name.removesuffix(")").partition("(")
                return self.say(_event(word, self.name(event), holds))
            case syntax.Name() | syntax.Path():
                return f"{self.term(node)}: {self.words.value('', holds)}"
            case _:
                if holds:
                    return self.term(node)
                said = self.term(node)
                return self.say(message("this does not hold: {condition}", condition=said))

    def _comparison(self, operator: str, left: syntax.Node, right: syntax.Node) -> str:
        sides = {"left": self.term(left, right), "right": self.term(right, left)}
        if self.is_time(left):
            return self.say(_of_days(operator, sides["left"], sides["right"]))
        return self.say(_of_amounts(operator, sides["left"], sides["right"]))

    def _in(self, value: syntax.Node, tests: Sequence[syntax.Test], holds: bool) -> str:
        said, listed = self.term(value), self.tests(tests, value)
        if holds:
            return self.say(message("{value} is one of: {list}", value=said, list=listed))
        return self.say(message("{value} is none of: {list}", value=said, list=listed))

    def _between(self, value: syntax.Node, low: syntax.Node, high: syntax.Node, holds: bool) -> str:
        value_, low_, high_ = self.term(value), self.term(low, value), self.term(high, value)
        if holds:
            return self.say(
                message(
                    "{value} lies between {low} and {high}, both included",
                    value=value_,
                    low=low_,
                    high=high_,
                )
            )
        return self.say(
            message(
                "{value} does not lie between {low} and {high}", value=value_, low=low_, high=high_
            )
        )

    # ------------------------------------------------------------ tests

    def tests(self, tests: Sequence[syntax.Test], beside: syntax.Node) -> str:
        """Say the tests of a value: of a list of values, or of a cell of a table."""
        return ", ".join(said for test in tests for said in self._test(test, beside))

    def _test(self, test: syntax.Test, beside: syntax.Node) -> list[str]:
        match test:
            case syntax.ComparisonTest(operator, operand):
                said = self.term(operand, beside)
                if self.is_time(operand):
                    return [self.say(_than_day(operator, said))]
                return [self.say(_than_amount(operator, said))]
            case syntax.ExpressionTest(syntax.ListLiteral(items)):
                return [self.term(each, beside) for each in items]
            case syntax.ExpressionTest(syntax.RangeLiteral(start, end, True, True)):
                first, last = self.term(start, beside), self.term(end, beside)
                return [self.say(message("from {first} to {last}", first=first, last=last))]
            case syntax.ExpressionTest(expression):
                return [self.term(expression, beside)]


def _has_parts(node: syntax.Node) -> bool:
    if isinstance(node, syntax.Call):  # not(a and b)
        return any(_has_parts(each.value) for each in node.arguments)
    return isinstance(node, syntax.Conjunction | syntax.Disjunction)


def _of_days(operator: str, left: str, right: str) -> Message:
    match operator:
        case "<":
            return message("{left} is before {right}", left=left, right=right)
        case "<=":
            return message("{left} is on or before {right}", left=left, right=right)
        case ">":
            return message("{left} is after {right}", left=left, right=right)
        case ">=":
            return message("{left} is on or after {right}", left=left, right=right)
        case "=":
            return message("{left} is on {right}", left=left, right=right)
        case _:
            return message("{left} is not on {right}", left=left, right=right)


def _of_amounts(operator: str, left: str, right: str) -> Message:
    match operator:
        case "<":
            return message("{left} is less than {right}", left=left, right=right)
        case "<=":
            return message("{left} is at most {right}", left=left, right=right)
        case ">":
            return message("{left} is more than {right}", left=left, right=right)
        case ">=":
            return message("{left} is at least {right}", left=left, right=right)
        case "=":
            return message("{left} is {right}", left=left, right=right)
        case _:
            return message("{left} is not {right}", left=left, right=right)


def _than_day(operator: str, day: str) -> Message:
    match operator:
        case "<":
            return message("before {day}", day=day)
        case "<=":
            return message("on or before {day}", day=day)
        case ">":
            return message("after {day}", day=day)
        case ">=":
            return message("on or after {day}", day=day)
        case "!=":
            return message("not {value}", value=day)
        case _:
            return message("on {day}", day=day)


def _than_amount(operator: str, amount: str) -> Message:
    match operator:
        case "<":
            return message("less than {amount}", amount=amount)
        case "<=":
            return message("at most {amount}", amount=amount)
        case ">":
            return message("more than {amount}", amount=amount)
        case ">=":
            return message("at least {amount}", amount=amount)
        case "!=":
            return message("not {value}", value=amount)
        case _:
            return message("exactly {amount}", amount=amount)


def _event(word: str, what: str, holds: bool) -> Message:
    if word == "happened":
        if holds:
            return message("{what} has occurred", what=what)
        return message("{what} has not occurred", what=what)
    if holds:
        return message("{what} never occurs", what=what)
    return message("{what} occurs at some time", what=what)


def labelled(label: str, block: Block) -> Block:
    """Put a label before a line, or above several."""
    return f"{label} {block}" if isinstance(block, str) else (label, (block,))


def flattened(block: Block, depth: int = 0) -> list[tuple[int, str]]:
    """Give the lines of a block with their depth."""
    if isinstance(block, str):
        return [(depth, block)]
    head, parts = block
    return [(depth, head), *(line for each in parts for line in flattened(each, depth + 1))]
