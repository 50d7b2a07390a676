"""Values and formulas in words: names as their labels, dates and periods written out.

What has no words of its own (a rare function of the language, say) stays as it is written.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from policyeval.evaluation import formatting
from policyeval.evaluation.naming import Words
from policyeval.feel import syntax, temporal, types
from policyeval.feel.checker import LITERAL_FUNCTIONS, Checked
from policyeval.feel.failure import Failure
from policyeval.feel.unparser import unparse
from policyeval.messages import Message, message
from policyeval.policy.model import Fact, ValidPolicy

_SIGNS: Final = {"+": "+", "-": "−", "*": "×", "/": "÷", "**": "^"}
QUOTES: Final = {"sv": "”{}”", "de": "„{}“", "en": "“{}”"}
"""How each language puts something in quotation marks."""

_TIMES: Final = frozenset({types.DATE, types.DATE_AND_TIME, types.TIME})


@dataclass(frozen=True, slots=True)
class Values:
    """Says values in words, for one policy and one language.

    Attributes:
        checked: The types of the formula that is being said.
    """

    policy: ValidPolicy
    words: Words
    checked: Checked

    @abstractmethod
    def inline(self, node: syntax.Node) -> str | None:
        """Say a condition within a line, or give None if it takes several."""

    def say(self, text: Message) -> str:
        """Give a text in the reader's language."""
        return text.text(self.words.language)

    def quoted(self, text: str) -> str:
        """Put a text into the quotation marks of the reader's language."""
        return QUOTES[self.words.language].replace("{}", text)

    def name(self, name: str) -> str:
        """Say what a name is called; a decision without a label is its question."""
        decision = self.policy.policy.decisions.get(name)
        label = self.words.label(name)
        if decision is not None and decision.label is None and decision.question is not None:
            return self.say(message("the answer to {question}", question=self.quoted(label)))
        return label if label.startswith("`") else f"*{label}*"

    def term(self, node: syntax.Node, beside: syntax.Node | None = None) -> str:
        """Say a value; `beside` is what it is compared with, which may know labels of its values."""
        match node:
            case syntax.Name(name):
                return self.name(name)
            case syntax.StringLiteral(value):
                return self._text(value, beside)
            case syntax.NumberLiteral(value) | syntax.BooleanLiteral(value):
                return self.words.value("", value)
            case syntax.NullLiteral():
                return self.words.value("", None)
            case syntax.TemporalLiteral(text):
                return self._temporal(text, node)
            case syntax.Call():
                return self._call(node)
            case syntax.If(condition, consequence, alternative):
                return self._either(node, condition, consequence, alternative)
            case syntax.Arithmetic("+" | "-" as operator, left, right) if self._moves(node):
                fields = {"day": self.term(left), "period": self._operand(right)}
                if operator == "+":
                    return self.say(message("{day} plus {period}", **fields))
                return self.say(message("{day} minus {period}", **fields))
            case syntax.Arithmetic(operator, left, right):
                return f"{self._operand(left)} {_SIGNS[operator]} {self._operand(right)}"
            case syntax.Negation(operand):
                return f"−{self._operand(operand)}"
            case syntax.ListLiteral(items):
                return self.listed([self.term(each, beside) for each in items])
            case syntax.Path(source, name):
                return self._part(node, source, name)
            case _:
                return self.code(node)

    def listed(self, items: Sequence[str]) -> str:
        """Say several things: `a, b and c`."""
        return formatting.listed(items, self.words.language)

    def code(self, node: syntax.Node) -> str:
        """Give a formula as it is written."""
        assert isinstance(node, syntax.Expression)
        return f"`{unparse(node)}`"

    def is_time(self, node: syntax.Node) -> bool:
        """Tell whether a value is a day, an instant or a time of day."""
        return types.required(self.checked.type_of(node)) in _TIMES

    # ------------------------------------------------------------ kinds of values

    def _text(self, value: str, beside: syntax.Node | None) -> str:
        named = beside.name if isinstance(beside, syntax.Name | syntax.Path) else ""
        fact = self.words.fact(named) or self._entry(named)
        if fact is not None and value in fact.value_labels:
            return self.quoted(self.words.text(fact.value_labels[value]))
        return self.quoted(value)

    def _call(self, node: syntax.Call) -> str:
        if not isinstance(node.function, syntax.Name) or any(each.name for each in node.arguments):
            return self.code(node)
        arguments = [each.value for each in node.arguments]
        match node.function.name, arguments:
            case name, [syntax.StringLiteral(text)] if name in LITERAL_FUNCTIONS:
                return self._temporal(text, node)
            case "date", [moment] if self.checked.type_of(moment) == types.DATE_AND_TIME:
                return self.say(message("the day of {moment}", moment=self.term(moment)))
            case "day of week", [day]:
                return self.say(message("the day of the week of {day}", day=self.term(day)))
            case (("round half up" | "decimal"), [number, syntax.NumberLiteral(digits)]):
                fields = {"value": self._operand(number), "digits": digits}
                return self.say(message("{value}, rounded to {digits} decimals", **fields))
            case "min" | "max" as function, [_, _, *_]:
                return self._extreme(function == "min", arguments)
            case _:
                return self.code(node)

    def _extreme(self, least: bool, arguments: Sequence[syntax.Node]) -> str:
        listed = self.listed([self.term(each) for each in arguments])
        if self.is_time(arguments[0]):
            earliest, latest = (
                message("the earlier of {list}", list=listed),
                message("the later of {list}", list=listed),
            )
            return self.say(earliest if least else latest)
        smallest, largest = (
            message("the smaller of {list}", list=listed),
            message("the larger of {list}", list=listed),
        )
        return self.say(smallest if least else largest)

    def _either(
        self,
        node: syntax.Node,
        condition: syntax.Node,
        consequence: syntax.Node,
        alternative: syntax.Node,
    ) -> str:
        said = self.inline(condition)
        if said is None:
            return self.code(node)
        text = message(
            "{value} (if {condition}; otherwise {other})",
            value=self.term(consequence),
            condition=said,
            other=self.term(alternative),
        )
        return self.say(text)

    def _operand(self, node: syntax.Node) -> str:
        said = self.term(node)
        return f"({said})" if isinstance(node, syntax.Arithmetic) else said

    def _moves(self, node: syntax.Arithmetic) -> bool:
        return types.required(self.checked.type_of(node)) in {types.DATE, types.DATE_AND_TIME}

    def _part(self, node: syntax.Node, source: syntax.Expression, name: str) -> str:
        entry = self._entry(name)
        if entry is not None and not self.is_time(source):
            return f"*{self.words.text(entry.label)}*"
        if self.is_time(source):
            of = {"what": self.term(source)}
            match name:
                case "year":
                    return self.say(message("the year of {what}", **of))
                case "month":
                    return self.say(message("the month of {what}", **of))
                case "day":
                    return self.say(message("the day of the month of {what}", **of))
                case _:
                    pass
        return self.code(node)

    def _entry(self, name: str) -> Fact | None:
        facts = self.policy.policy.facts.values()
        return next((each.entries[name] for each in facts if name in each.entries), None)

    def _temporal(self, text: str, node: syntax.Node) -> str:
        try:
            return self.words.value("", temporal.parse_temporal(text), "long")
        except Failure:
            return self.code(node)
