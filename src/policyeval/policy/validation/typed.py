"""The type of every formula, and every problem that the language finds in one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from policyeval.diagnostics import Diagnostic, did_you_mean
from policyeval.errors import ExpressionError
from policyeval.feel import syntax, types
from policyeval.feel.checker import Checked
from policyeval.feel.checker import check as check_tree
from policyeval.feel.checker.advice import comparison_help
from policyeval.feel.checker.problems import BROKEN
from policyeval.feel.types import Type, type_text
from policyeval.messages import Message, message
from policyeval.policy.model import Formula, Slot
from policyeval.policy.validation import names
from policyeval.policy.validation.checking import Check
from policyeval.policy.validation.parts import formulas
from policyeval.policy.validation.uses import free_names
from policyeval.policy.validation.values import unknown_values
from policyeval.policy.yaml import located
from policyeval.source import Source, Span

_ASKS = {names.HAPPENED: types.FunctionOf((types.ANY,), types.BOOLEAN)}
"""A question the loader has made a variable of; known here so that it can be suggested."""


class Typing:
    """The types of a policy's formulas, as far as they are known.

    Attributes:
        scope: The variables; the type of one that has a problem already is `BROKEN`.
        checked: What the checker found, per formula.
    """

    def __init__(self, check: Check, scope: Mapping[str, Type]) -> None:
        self.check = check
        self.scope = dict(scope)
        self.checked: dict[Formula, Checked] = {}

    def type_of(
        self,
        formula: Formula,
        *,
        tested: Type = types.ANY,
        scope: Mapping[str, Type] | None = None,
    ) -> Type | None:
        """Check a formula; give its type, or None if it has a problem (or uses what has one).

        Args:
            formula: An expression, or unary tests of a value of the type `tested`.
            tested: See `formula`.
            scope: The variables, if not all.
        """
        scope = self.scope if scope is None else scope
        source = Source(formula.text)
        try:
            checked = check_tree(
                formula.tree, {**_ASKS, **scope}, source, "strict", input_type=tested
            )
        except ExpressionError as error:
            self.add(formula, error.diagnostics)
            return None
        self.checked[formula] = checked
        policy = self.check.policy
        found = [self._in_words(each) for each in checked.diagnostics]
        found += unknown_values(formula.tree, checked, policy.facts, source)
        broken = any(scope.get(each.name) is BROKEN for each in free_names(formula.tree, checked))
        if broken:  # then its types say nothing
            found = [each for each in found if each.code not in ("feel.type", "feel.null")]
        self.add(formula, found)
        if broken or any(each.severity == "error" for each in found):
            return None
        return checked.type_of(formula.tree)

    def fit(self, slot: Slot, wanted: Type, help_: Message | None = None) -> bool:
        """Check every formula of a place, and that its value is of a type; tell whether it is.

        `help_` is what to do about a value that may be missing.
        """
        fits = True
        for formula in formulas(slot):
            known = self.type_of(formula) is not None
            fits = known and self.conforms(formula, wanted, help_) and fits
        return fits

    def conforms(self, formula: Formula, wanted: Type, help_: Message | None = None) -> bool:
        """Check that a formula that was checked gives values of a type; tell whether it does."""
        if isinstance(formula.tree, syntax.UnaryTests):
            return True
        source = Source(formula.text)
        found = [
            _misfit(source, node, given, wanted, help_)
            for node, given in _misfits(formula.tree, wanted, self.checked[formula])
        ]
        self.add(formula, found)
        return not found

    def add(self, formula: Formula, found: list[Diagnostic] | tuple[Diagnostic, ...]) -> None:
        """Report problems with the text of a formula where it stands in its file."""
        self.check.add(located(each, formula.scalar, formula.source) for each in found)

    def report(
        self, formula: Formula, code: str, text: Message, span: Span, help_: Message | None = None
    ) -> None:
        """Report a problem with a stretch of a formula's text."""
        self.add(formula, [Diagnostic(code, text, span, formula.source, help_)])

    def _in_words(self, found: Diagnostic) -> Diagnostic:
        """Speak of what is written, not of the variables that the loader makes of it."""
        policy = self.check.policy
        name = str(found.message.fields.get("name"))
        event = names.asked_about(name)
        if found.code == "feel.unknown-name" and event is not None:
            events = [each.name for each in policy.facts.values() if each.kind == "event"]
            text = message("`{name}` is no event", name=event)
            return replace(
                found, code="feel.arguments", message=text, help=did_you_mean(event, events)
            )
        if found.help is not None:
            better = names.writable(found.help)
            return found if better is None else replace(found, help=better)
        return found


def _misfits(
    node: syntax.Expression, wanted: Type, checked: Checked
) -> Iterator[tuple[syntax.Expression, Type]]:
    """Give the parts of an expression whose values are of another type than is wanted."""
    given = checked.type_of(node)
    if types.conforms(given, wanted):
        return
    match node, types.required(wanted):
        case syntax.If(_, consequence, alternative), _:
            yield from _misfits(consequence, wanted, checked)
            yield from _misfits(alternative, wanted, checked)
        case syntax.ListLiteral(items), types.ListOf(item):
            for each in items:
                yield from _misfits(each, item, checked)
        case _:
            yield node, given


def _misfit(
    source: Source, node: syntax.Expression, given: Type, wanted: Type, help_: Message | None
) -> Diagnostic:
    span = node.span
    if isinstance(given, types.NullType):
        return Diagnostic("feel.null", message("null has no use here"), span, source, help_)
    if types.conforms(types.required(given), wanted):
        ask = message("ask first whether it is null")
        text = message("this value may be missing")
        return Diagnostic("feel.null", text, span, source, help_ or ask)
    return Diagnostic(
        "feel.type",
        message(
            "a value of type `{wanted}` is wanted, not a `{given}`",
            wanted=type_text(wanted),
            given=type_text(given),
        ),
        span,
        source,
        comparison_help(source, (_WANTED, types.required(wanted)), (node, types.required(given))),
    )


_WANTED = syntax.Name("?", span=Span(0, 0))
"""Stands for the value that is wanted, which has no place in the text."""
