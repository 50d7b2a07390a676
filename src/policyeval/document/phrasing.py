"""Formulas in words: `approved_on <= window_ends_on` as a reader of the terms would say it.

Names become their labels, operators become words, dates and durations are written out. What has no
words of its own (a function of the language, say) stays as it is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from policyeval.evaluation.naming import Words
from policyeval.feel import syntax, temporal, types
from policyeval.feel.checker import LITERAL_FUNCTIONS, Checked
from policyeval.feel.failure import Failure
from policyeval.feel.unparser import unparse
from policyeval.messages import Message, message
from policyeval.policy.model import ValidPolicy

Block = str | tuple[str, tuple["Block", ...]]
"""A line, or a line with others below it."""

_DAYS: Final = {
    "<": message("{left} is before {right}"),
    "<=": message("{left} is on or before {right}"),
    ">": message("{left} is after {right}"),
    ">=": message("{left} is on or after {right}"),
}
_AMOUNTS: Final = {
    "<": message("{left} is less than {right}"),
    "<=": message("{left} is at most {right}"),
    ">": message("{left} is more than {right}"),
    ">=": message("{left} is at least {right}"),
}
_SAME: Final = {
    "=": message("{left} is {right}"),
    "!=": message("{left} is not {right}"),
}
_OPPOSITE: Final = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_SIGNS: Final = {"+": "+", "-": "−", "*": "×", "/": "÷", "**": "^"}
_MOST_INLINE = 2


@dataclass(frozen=True, slots=True)
class Phrasing:
    """Says formulas in words, for one policy and one language."""

    policy: ValidPolicy
    words: Words
    checked: Checked

    def condition(self, node: syntax.Node, *, holds: bool = True) -> Block:
        """Say a condition, or that it does not hold."""
        match node:
            case syntax.Conjunction(operands) if holds:
                return self._several(operands, holds, conjunction=True)
            case syntax.Disjunction(operands) if not holds:
                return self._several(operands, holds, conjunction=True)
            case syntax.Conjunction(operands) | syntax.Disjunction(operands):
                return self._several(operands, holds, conjunction=False)
            case syntax.Call(syntax.Name("not"), (syntax.Argument(operand, None),)):
                return self.condition(operand, holds=not holds)
            case syntax.If(condition, consequence, alternative):
                return self._if(condition, consequence, alternative, holds)
            case syntax.Quantified():
                return self._quantified(node, holds)
            case syntax.BooleanLiteral(value):
                always = message("always") if value == holds else message("never")
                return self._text(always)
            case _:
                return self._atom(node, holds)

    def value(self, node: syntax.Node) -> Block:
        """Say what a formula computes."""
        match node:
            case syntax.If(condition, consequence, alternative):
                return self._if(condition, consequence, alternative, None)
            case _ if self.checked.type_of(node) == types.BOOLEAN:
                return self.condition(node)
            case _:
                return self._term(node)

    # ------------------------------------------------------------ conditions

    def _several(self, operands: Sequence[syntax.Node], holds: bool, *, conjunction: bool) -> Block:
        parts = tuple(self.condition(each, holds=holds) for each in operands)
        word = message("and") if conjunction else message("or")
        head = message("all of this holds:") if conjunction else message("one of these holds:")
        if len(parts) <= _MOST_INLINE and all(isinstance(each, str) for each in parts):
            return f" {self._text(word)} ".join(each for each in parts if isinstance(each, str))
        return self._text(head), parts

    def _if(
        self,
        condition: syntax.Node,
        consequence: syntax.Node,
        alternative: syntax.Node,
        holds: bool | None,
    ) -> Block:
        def say(node: syntax.Node) -> Block:
            return self.value(node) if holds is None else self.condition(node, holds=holds)

        first = self.condition(condition)
        when = self._text(message("if this holds:"))
        return (
            self._text(message("depending on a condition:")),
            (
                (when, (first,)) if not isinstance(first, str) else f"{when} {first}",
                _labelled(self._text(message("then:")), say(consequence)),
                _labelled(self._text(message("otherwise:")), say(alternative)),
            ),
        )

    def _quantified(self, node: syntax.Quantified, holds: bool) -> Block:
        lists = ", ".join(self._term(each.source) for each in node.iterations)
        some = (node.quantifier == "some") == holds
        head = (
            message("for at least one of {list}:", list=lists)
            if some
            else message("for each of {list}:", list=lists)
        )
        inner = self.condition(node.condition, holds=holds)
        return self._text(head), (inner,)

    def _atom(self, node: syntax.Node, holds: bool) -> str:
        match node:
            case syntax.Comparison("=" | "!=" as operator, left, syntax.NullLiteral()) | (
                syntax.Comparison("=" | "!=" as operator, syntax.NullLiteral(), left)
            ):
                given = (operator == "!=") == holds
                text = message("{what} is given") if given else message("{what} is not given")
                return self._text(Message(text.template, {"what": self._term(left)}))
            case syntax.Comparison(operator, left, right):
                return self._comparison(operator if holds else _OPPOSITE[operator], left, right)
            case syntax.In(value, tests):
                return self._in(value, tests, holds)
            case syntax.Between(value, low, high) if holds:
                return self._text(
                    message(
                        "{value} lies between {low} and {high}, both included",
                        value=self._term(value),
                        low=self._term(low),
                        high=self._term(high),
                    )
                )
            case syntax.Name(name) if name.startswith(("happened(", "never(")):
                event, _, _ = name.partition("(")[2].rpartition(")")
                return self._event(name.partition("(")[0], event, holds)
            case syntax.Name() | syntax.Path():
                text = message("{what}: yes") if holds else message("{what}: no")
                return self._text(Message(text.template, {"what": self._term(node)}))
            case _:
                written = self._term(node)
                if holds:
                    return written
                return self._text(message("this does not hold: {condition}", condition=written))

    def _event(self, word: str, event: str, holds: bool) -> str:
        if word == "happened":
            text = message("{what} has occurred") if holds else message("{what} has not occurred")
        else:
            text = message("{what} never occurs") if holds else message("{what} may occur")
        return self._text(Message(text.template, {"what": self._label(event)}))

    def _comparison(self, operator: str, left: syntax.Node, right: syntax.Node) -> str:
        kind = types.required(self.checked.type_of(left))
        if operator in _SAME:
            text = _SAME[operator]
        elif kind in {types.DATE, types.DATE_AND_TIME, types.TIME}:
            text = _DAYS[operator]
        else:
            text = _AMOUNTS[operator]
        sides = {"left": self._term(left, right), "right": self._term(right, left)}
        return self._text(Message(text.template, sides))

    def _in(self, value: syntax.Node, tests: Sequence[syntax.Test], holds: bool) -> str:
        listed: list[str] = []
        for test in tests:
            match test:
                case syntax.ExpressionTest(syntax.ListLiteral(items)):
                    listed += [self._term(each, value) for each in items]
                case syntax.ExpressionTest(expression):
                    listed.append(self._term(expression, value))
                case syntax.ComparisonTest(operator, operand):
                    listed.append(f"{operator} {self._term(operand, value)}")
        text = (
            message("{value} is one of {list}") if holds else message("{value} is none of {list}")
        )
        fields = {"value": self._term(value), "list": ", ".join(listed)}
        return self._text(Message(text.template, fields))

    # ------------------------------------------------------------ terms

    def _term(self, node: syntax.Node, beside: syntax.Node | None = None) -> str:
        """Say a value; `beside` is what it is compared with, which may know labels of its values."""
        match node:
            case syntax.Name(name):
                return self._label(name)
            case syntax.StringLiteral(value):
                name = beside.name if isinstance(beside, syntax.Name | syntax.Path) else ""
                return self.words.value(name, value, quoted=True)
            case syntax.NumberLiteral(value):
                return self.words.value("", value)
            case syntax.BooleanLiteral(value):
                return self.words.value("", value)
            case syntax.NullLiteral():
                return self.words.value("", None)
            case syntax.TemporalLiteral(text):
                return self._temporal(text, node)
            case syntax.Call(syntax.Name(name), (syntax.Argument(syntax.StringLiteral(text)),)) if (
                name in LITERAL_FUNCTIONS
            ):
                return self._temporal(text, node)
            case syntax.Call(syntax.Name("date"), (syntax.Argument(value),)) if (
                self.checked.type_of(value) == types.DATE_AND_TIME
            ):
                return self._text(message("the day of {moment}", moment=self._term(value)))
            case syntax.Arithmetic("+" | "-" as operator, left, right) if self._moves(node):
                text = (
                    message("{day} plus {period}")
                    if operator == "+"
                    else message("{day} minus {period}")
                )
                fields = {"day": self._term(left), "period": self._term(right)}
                return self._text(Message(text.template, fields))
            case syntax.Arithmetic(operator, left, right):
                return f"{self._operand(left)} {_SIGNS[operator]} {self._operand(right)}"
            case syntax.Negation(operand):
                return f"−{self._operand(operand)}"
            case syntax.Path(source, name) if isinstance(
                self.checked.type_of(source), types.ContextOf
            ):
                return self._entry(source, name)
            case _:
                return f"`{unparse(node)}`"  # type: ignore[arg-type]  # an expression: terms are

    def _operand(self, node: syntax.Node) -> str:
        said = self._term(node)
        return f"({said})" if isinstance(node, syntax.Arithmetic) else said

    def _moves(self, node: syntax.Arithmetic) -> bool:
        return types.required(self.checked.type_of(node)) in {types.DATE, types.DATE_AND_TIME}

    def _entry(self, source: syntax.Node, name: str) -> str:
        for fact in self.policy.policy.facts.values():
            if name in fact.entries:
                return f"*{self.words.text(fact.entries[name].label)}*"
        return f"{self._term(source)}.{name}"

    def _label(self, name: str) -> str:
        label = self.words.label(name)
        return label if label.startswith("`") else f"*{label}*"

    def _temporal(self, text: str, node: syntax.Node) -> str:
        try:
            return self.words.value("", temporal.parse_temporal(text), "long")
        except Failure:
            return f"`{unparse(node)}`"  # type: ignore[arg-type]  # an expression: terms are

    def _text(self, text: Message) -> str:
        return text.text(self.words.language)


def _labelled(label: str, block: Block) -> Block:
    if isinstance(block, str):
        return f"{label} {block}"
    return label, (block,)


def flattened(block: Block, depth: int = 0) -> list[tuple[int, str]]:
    """Give the lines of a block with their depth."""
    if isinstance(block, str):
        return [(depth, block)]
    head, parts = block
    return [(depth, head), *(line for each in parts for line in flattened(each, depth + 1))]
