"""Which expressions of a version cannot fail: facts are bounded, and what is computed from them is too.

An expression that passed the strict checker fails only for its values: a division by zero, a day
outside of the years that can be computed with, a comparison of a time with a zone and one without.
Facts lie between 1900 and 2199 and below 10^18, so that most of what terms compute stays far from
any of these. (How many steps an evaluation takes is no part of this.)
"""

from datetime import date, timedelta

from policyeval.facts.scalars import FIRST_DAY, LAST_DAY, WHOLE_DIGITS
from policyeval.feel import syntax, types
from policyeval.feel.checker import Checked
from policyeval.feel.checker.calls import LITERAL_FUNCTIONS
from policyeval.feel.failure import Failure
from policyeval.feel.syntax import Expression, Node
from policyeval.feel.temporal import parse_temporal
from policyeval.feel.types import Type
from policyeval.feel.values import YearsMonthsDuration
from policyeval.policy.elements import formulas_of
from policyeval.policy.model import ASKED_ON, Decision, Formula, Slot, ValidPolicy

_MOST_YEARS = 1_500
"""So far from the years of facts a day may lie and still be one that Python has."""

_MOST_DIGITS = 6_000
_DIGITS_OF_A_FACT = WHOLE_DIGITS
_FIRST_YEAR, _LAST_YEAR = FIRST_DAY.year, LAST_DAY.year
_YEARS_OF_FACTS = _LAST_YEAR - _FIRST_YEAR + 1
_PLAIN = frozenset(
    {
        types.BOOLEAN,
        types.NUMBER,
        types.STRING,
        types.DATE,
        types.DAYS_AND_TIME_DURATION,
        types.YEARS_AND_MONTHS_DURATION,
    }
)
_MOMENTS = frozenset({types.DATE_AND_TIME, types.TIME})
_MEASURED = frozenset({"count", "string length", "day of week"})
_KEPT = frozenset({"round half up", "round half down", "round up", "round down", "decimal"})


class Totality:
    """Tells what cannot fail, for one version; without one every computation may."""

    def __init__(self, valid: ValidPolicy | None = None) -> None:
        self._valid = valid
        self._names: dict[str, bool] = {}
        self._sizes: dict[str, int | None] = {}
        self.zoned = valid is not None and not any(map(_makes_moments, valid.checked))

    def may_fail(self, node: Node, checked: Checked) -> bool:
        """Tell whether an expression that passed the strict checker may still have no result."""

        def every(*nodes: Node) -> bool:
            return any(self.may_fail(each, checked) for each in nodes)

        match node:
            case syntax.Name(name):
                return self._name_may_fail(name)
            case syntax.TemporalLiteral() | syntax.NumberLiteral() | syntax.StringLiteral():
                return False
            case syntax.BooleanLiteral() | syntax.NullLiteral():
                return False
            case syntax.Path(source):
                return every(source)
            case syntax.Comparison(_, left, right):
                null = isinstance(left, syntax.NullLiteral) or isinstance(right, syntax.NullLiteral)
                return every(left, right) or not (null or self._comparable(left, checked))
            case syntax.Between(value, low, high):
                return every(value, low, high) or not self._comparable(value, checked)
            case syntax.In(value, tests):
                return not self._comparable(value, checked) or every(value, *map(_tested, tests))
            case syntax.RangeLiteral(start, end):
                return every(start, end)  # only as a test, see `In`; as a value its ends may cross
            case syntax.Conjunction(operands) | syntax.Disjunction(operands):
                return every(*operands)
            case syntax.ListLiteral(items):
                return every(*items)
            case syntax.If(condition, consequence, alternative):
                return every(condition, consequence, alternative)
            case syntax.Quantified(_, iterations, condition):
                return every(*(each.source for each in iterations), condition)
            case syntax.Arithmetic() | syntax.Negation():
                return every(*syntax.children(node)) or self.size(node, checked) is None
            case syntax.Call(syntax.Name(name), arguments):
                return self._call_may_fail(node, name, arguments, checked)
            case _:
                return True

    def _comparable(self, node: Node, checked: Checked) -> bool:
        kind = types.required(checked.type_of(node))
        return kind in _PLAIN or (kind in _MOMENTS and self.zoned)

    def _call_may_fail(
        self, node: Node, name: str, arguments: tuple[syntax.Argument, ...], checked: Checked
    ) -> bool:
        given = [each.value for each in arguments]
        if any(each.name for each in arguments) or any(self.may_fail(e, checked) for e in given):
            return True
        if name == "not" or (name in LITERAL_FUNCTIONS and _literal(node) is not None):
            return False
        kinds = [types.required(checked.type_of(each)) for each in given]
        if name == "date":
            return kinds != [types.DATE_AND_TIME]
        if name in _KEPT:
            return not (len(given) == 2 and _is_small(given[1])) or self.size(node, checked) is None
        if name in {"min", "max"}:
            return not (len(given) > 1 and all(self._comparable(each, checked) for each in given))
        return name not in _MEASURED

    # ------------------------------------------------------------ names

    def _name_may_fail(self, name: str) -> bool:
        if self._valid is None:
            return False
        if name not in self._names:
            self._names[name] = self._decision_may_fail(name)
        return self._names[name]

    def _decision_may_fail(self, name: str) -> bool:
        assert self._valid is not None
        policy = self._valid.policy
        decision = policy.decisions.get(name)
        if decision is None:
            return False  # a fact is as it was given, and a parameter was computed when it was read
        moved = any(name in each.moves for each in policy.overlays.values())
        if moved or decision.table is not None:
            return True
        return any(self._formula_may_fail(each) for each in _formulas(decision))

    def _formula_may_fail(self, formula: Formula) -> bool:
        assert self._valid is not None
        return self.may_fail(formula.tree, self._valid.checked[formula])

    # ------------------------------------------------------------ sizes

    def size(self, node: Node, checked: Checked) -> int | None:
        """Bound a value: a number's digits, a duration's years, a day's years from those of facts.

        None: nothing is known, or it is so large that computing with it may fail.
        """
        found = self._size(node, checked)
        number = types.required(checked.type_of(node)) == types.NUMBER
        most = _MOST_DIGITS if number else _MOST_YEARS
        return found if found is not None and found <= most else None

    def _size(self, node: Node, checked: Checked) -> int | None:
        match node:
            case syntax.NumberLiteral(value):
                return max(abs(value.adjusted()) + 1, 1)
            case syntax.TemporalLiteral():
                return _extent(node)
            case syntax.Name(name):
                return self._size_of_name(name)
            case syntax.Negation(operand):
                return self.size(operand, checked)
            case syntax.If(_, consequence, alternative):
                return self._largest((consequence, alternative), checked)
            case syntax.Arithmetic(operator, left, right):
                return self._size_of_sum(operator, left, right, checked)
            case syntax.Path(source, "year" | "month" | "day" | "weekday"):
                return 5 if types.required(checked.type_of(source)) in _DAYS else None
            case syntax.Call(syntax.Name(name), arguments) if not any(a.name for a in arguments):
                given = [each.value for each in arguments]
                return self._size_of_call(node, name, given, checked)
            case _:
                return None

    def _size_of_sum(
        self, operator: str, left: Expression, right: Expression, checked: Checked
    ) -> int | None:
        one, other = self.size(left, checked), self.size(right, checked)
        if one is None or other is None:
            return None
        kinds = {types.required(checked.type_of(each)) for each in (left, right)}
        if kinds == {types.NUMBER}:
            if operator in "+-":
                return max(one, other) + 1
            divisor = right.value if isinstance(right, syntax.NumberLiteral) else None
            return one + other + 1 if operator == "*" or (operator == "/" and divisor) else None
        if operator not in "+-" or not kinds <= _DAYS | _DURATIONS:
            return None
        if kinds <= _DAYS and (len(kinds) > 1 or not self._comparable(left, checked)):
            return None
        return one + other + (_YEARS_OF_FACTS if kinds <= _DAYS else 0)

    def _size_of_call(
        self, node: Node, name: str, given: list[Expression], checked: Checked
    ) -> int | None:
        if name in LITERAL_FUNCTIONS and _literal(node) is not None:
            return _extent(node)
        if name == "date" and len(given) == 1:
            return self.size(given[0], checked)
        if name in _KEPT and len(given) == 2:
            size = self.size(given[0], checked)
            return None if size is None else size + 1
        if name in {"min", "max"} and len(given) > 1:
            return self._largest(given, checked)
        return 6 if name in _MEASURED else None

    def _largest(
        self, nodes: list[Expression] | tuple[Expression, ...], checked: Checked
    ) -> int | None:
        sizes = [self.size(each, checked) for each in nodes]
        known = [each for each in sizes if each is not None]
        return max(known) if len(known) == len(sizes) else None

    def _size_of_name(self, name: str) -> int | None:
        if self._valid is None:
            return None
        if name not in self._sizes:
            self._sizes[name] = self._size_in_policy(self._valid, name)
        return self._sizes[name]

    def _size_in_policy(self, valid: ValidPolicy, name: str) -> int | None:
        policy = valid.policy
        if name == ASKED_ON:
            return 0
        if name in policy.facts:
            return _size_of_fact(policy.facts[name].type)
        if name in policy.parameters:
            slot: Slot | None = policy.parameters[name].value
        else:
            slot = policy.decisions[name].value if name in policy.decisions else None
        if slot is None or any(name in each.moves for each in policy.overlays.values()):
            return None
        sizes = [
            self.size(each.tree, valid.checked[each]) for _, each in formulas_of({(name,): slot})
        ]
        known = [each for each in sizes if each is not None]
        return max(known) if len(known) == len(sizes) else None


_DAYS: frozenset[Type] = frozenset({types.DATE, types.DATE_AND_TIME})
_DURATIONS: frozenset[Type] = frozenset(
    {types.DAYS_AND_TIME_DURATION, types.YEARS_AND_MONTHS_DURATION}
)


def _size_of_fact(kind: Type) -> int | None:
    if types.required(kind) == types.NUMBER:
        return _DIGITS_OF_A_FACT
    return 0 if types.required(kind) in _DAYS else None


def _formulas(decision: Decision) -> list[Formula]:
    slots: dict[tuple[str, ...], Slot] = {}
    if decision.value is not None:
        slots["value",] = decision.value
    if decision.covers is not None:
        slots["covers",] = decision.covers.condition
    for rule in (*decision.requires, *decision.excluded_if):
        slots["rule", rule.id] = rule.condition
    return [formula for _, formula in formulas_of(slots)]


def _tested(test: syntax.Test) -> Node:
    return test.operand if isinstance(test, syntax.ComparisonTest) else test.expression


def _is_small(node: Node) -> bool:
    return (
        isinstance(node, syntax.NumberLiteral)
        and node.value == node.value.to_integral_value()
        and (abs(node.value) < 100)
    )


def _literal(node: Node) -> object:
    """Give the date, time or duration that a literal or a call of one is; None if it is none."""
    match node:
        case syntax.TemporalLiteral(text):
            pass
        case syntax.Call(syntax.Name(), (syntax.Argument(syntax.StringLiteral(text), None),)):
            pass
        case _:
            return None
    try:
        return parse_temporal(text)
    except Failure:
        return None


def _extent(node: Node) -> int | None:
    match _literal(node):
        case YearsMonthsDuration(months):
            return abs(months) // 12 + 1
        case timedelta() as length:
            return abs(length.days) // 365 + 1
        case date() as day:
            return max(_FIRST_YEAR - day.year, day.year - _LAST_YEAR, 0)
        case _:
            return None


def _makes_moments(formula: Formula) -> bool:
    """Tell whether a formula has a moment that may be without a zone: one that is no fact's."""
    for each in syntax.walk(formula.tree):
        match each:
            case syntax.TemporalLiteral(text) if "T" in text and not text.lstrip("-").startswith(
                "P"
            ):
                return True
            case syntax.Name("date and time" | "time"):
                return True
            case _:
                pass
    return False
