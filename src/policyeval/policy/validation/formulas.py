"""Every formula of a policy, checked against what its place asks for."""

from collections.abc import Iterator, Mapping

from policyeval.diagnostics import Diagnostic
from policyeval.feel import syntax, types
from policyeval.feel.checker.problems import BROKEN
from policyeval.feel.types import Type, type_text
from policyeval.messages import message
from policyeval.policy.model import Decision, Formula, Parameter, Remark, Rule
from policyeval.policy.validation import names
from policyeval.policy.validation.checking import Check
from policyeval.policy.validation.cycles import Graph, order
from policyeval.policy.validation.parts import formulas, governing_formulas
from policyeval.policy.validation.tables import check_table
from policyeval.policy.validation.typed import Typing
from policyeval.policy.validation.uses import free_names
from policyeval.source import Span


def check_formulas(check: Check, uses: Graph) -> Typing:
    """Report what is wrong with formulas; give their types.

    Args:
        check: The validation.
        uses: What depends on what, for the order in which parameters get their types.
    """
    policy = check.policy
    typing = Typing(check, {**names.fact_scope(policy), **names.decision_scope(policy)})
    for name in policy.parameters:
        typing.scope[name] = BROKEN  # until its own type is known
    for name in order(policy, uses):
        if name in policy.parameters:
            typing.scope[name] = _parameter(typing, policy.parameters[name])
    for fact in policy.facts.values():
        if fact.act is not None and fact.act.open_when is not None:
            typing.fit(fact.act.open_when, types.BOOLEAN)
    for decision in policy.decisions.values():
        _decision(typing, decision)
    _conditions(typing, policy.consistent_when)
    _conditions(typing, policy.remarks)
    _governing(typing)
    return typing


def _parameter(typing: Typing, parameter: Parameter) -> Type:
    """Check a parameter; give its type, which all readings must agree on."""
    found: Type | None = None
    broken = False
    for formula in formulas(parameter.value):
        given = typing.type_of(formula)
        if not _constant(typing, formula) or given is None:
            broken = True
            continue
        span = Span(0, len(formula.text))
        if isinstance(given, types.NullType):
            typing.report(formula, "feel.null", message("null has no use here"), span)
            broken = True
        elif isinstance(given, types.AnyType | types.FunctionOf):
            text = message("a parameter is a value of a known type, such as a number or a duration")
            typing.report(formula, "feel.type", text, span)
            broken = True
        elif found is not None and given != found:
            typing.report(
                formula,
                "feel.type",
                message(
                    "a value of type `{wanted}` is wanted, not a `{given}`",
                    wanted=type_text(found),
                    given=type_text(given),
                ),
                span,
                message("a parameter is of one type, however the text is read"),
            )
            broken = True
        else:
            found = given
    return BROKEN if broken or found is None else found


def _constant(typing: Typing, formula: Formula) -> bool:
    """Tell whether a formula uses parameters only, and complain if not."""
    parameters, scope = typing.check.policy.parameters, typing.scope
    found = [
        each
        for each in free_names(formula.tree, typing.checked.get(formula))
        if each.name in scope and each.name not in parameters
    ]
    for each in found[:1]:
        name = formula.text[each.span.start : each.span.end]
        typing.report(
            formula,
            "policy.not-constant",
            message(
                "a parameter is the same for every transaction, and `{name}` is not", name=name
            ),
            each.span,
            message("make it a decision"),
        )
    return not found


def _decision(typing: Typing, decision: Decision) -> None:
    if decision.covers is not None:
        typing.fit(decision.covers.condition, types.BOOLEAN)
    if decision.value is not None:
        end = message("ask first whether it is null, or let the decision's type end in `?`")
        typing.fit(decision.value, decision.type, end)
    if decision.table is not None:
        check_table(typing, decision, decision.table)
    rules = (*decision.requires, *decision.excluded_if)
    _conditions(typing, rules)
    _conditions(typing, decision.remarks)


def _conditions(typing: Typing, rules: tuple[Rule | Remark, ...]) -> None:
    for each in rules:
        if each.condition is not None:
            typing.fit(each.condition, types.BOOLEAN)


def _governing(typing: Typing) -> None:
    """Check the days that pick a version, which can depend on facts alone."""
    policy = typing.check.policy
    scope = names.fact_scope(policy)
    for formula in governing_formulas(typing.check.programme.governed_by):
        if _of_version(typing, formula, scope):
            continue
        if typing.type_of(formula, scope=scope) is not None:
            typing.conforms(formula, types.DATE)


def _of_version(typing: Typing, formula: Formula, scope: Mapping[str, Type]) -> bool:
    """Tell whether a formula uses what is part of a version, and complain if so."""
    found = [*_asks_never(typing, formula)]
    for each in free_names(formula.tree):
        if each.name in typing.scope and each.name not in scope:
            text = message(
                "`{name}` is part of a version, and this day picks the version", name=each.name
            )
            help_ = message("use facts only")
            found.append(Diagnostic("feel.unknown-name", text, each.span, formula.source, help_))
    typing.add(formula, found)
    return bool(found)


def _asks_never(typing: Typing, formula: Formula) -> Iterator[Diagnostic]:
    """Say where a day that picks a version depends on what the future brings."""
    facts = typing.check.policy.facts
    for node in syntax.walk(formula.tree):
        match node:
            case syntax.Comparison(
                "=" | "!=", syntax.Name(name), syntax.NullLiteral()
            ) | syntax.Comparison("=" | "!=", syntax.NullLiteral(), syntax.Name(name)) if (
                name in facts and facts[name].kind == "event"
            ):
                yield Diagnostic(
                    "feel.not-in-profile",
                    message(
                        "which version applies cannot depend on whether `{name}` never happens",
                        name=name,
                    ),
                    node.span,
                    formula.source,
                    message("write `{text}`", text=f"happened({name})"),
                )
            case _:
                pass
