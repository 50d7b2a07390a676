"""The variables of a policy and their types, its parties, and what nothing uses."""

from collections.abc import Collection, Iterator
from typing import Final

from policyeval.diagnostics import did_you_mean
from policyeval.feel import types
from policyeval.feel.types import Type
from policyeval.messages import Message, message
from policyeval.policy.model import ASKED_ON, Fact, Policy, Reading, happened_name, never_name
from policyeval.policy.validation.checking import Check
from policyeval.policy.validation.parts import choices, sites
from policyeval.policy.validation.places import Path, Places
from policyeval.source import Source, Span

HAPPENED: Final = "happened"
"""What is called to ask whether an event has happened; the loader makes a variable of a call."""


def fact_scope(policy: Policy) -> dict[str, Type]:
    """Give the variables that the facts bring, with their types, and the day of the question."""
    found: dict[str, Type] = {ASKED_ON: types.DATE}
    for name, fact in policy.facts.items():
        found[name] = fact.type
        if fact.kind == "event":
            found[happened_name(name)] = types.BOOLEAN
            found[never_name(name)] = types.BOOLEAN
    return found


def decision_scope(policy: Policy) -> dict[str, Type]:
    """Give the variables that the decisions bring, with their types."""
    return {name: each.type for name, each in policy.decisions.items()}


def event_of(policy: Policy, name: str) -> str:
    """Give the fact that a variable is about: the event, if it says something of one."""
    event = name.partition("(")[2].removesuffix(")")
    return event if event in policy.facts else name


# ------------------------------------------------------------------------------- parties


def check_parties(check: Check) -> None:
    """Report parties that the programme does not have."""
    policy, places = check.policy, check.places
    for name, fact in policy.facts.items():
        if fact.act is not None and fact.act.by not in check.programme.parties:
            _party(check, fact.act.by, places.value(("facts", name, "act", "by")))
    for name, reading in policy.readings.items():
        _favoured(check, reading, ("readings", name), places)
    programme = check.programme
    reading = programme.governed_by.reading
    _favoured(check, reading, ("governed_by",), Places(programme.source), programme.source)


def _favoured(
    check: Check, reading: Reading, path: Path, places: Places, source: Source | None = None
) -> None:
    for name, option in reading.options.items():
        if option.favours is not None and option.favours not in check.programme.parties:
            span = places.value((*path, "options", name, "favours"))
            _party(check, option.favours, span, source)


def _party(check: Check, party: str, span: Span, source: Source | None = None) -> None:
    parties = check.programme.parties
    if party in parties:
        return
    check.report(
        "policy.unknown-party",
        message("the programme has no party `{name}`", name=party),
        span,
        did_you_mean(party, parties) or _named(parties),
        source=source,
    )


def _named(names: Collection[str]) -> Message | None:
    """Name what there is."""
    if not names:
        return None
    return message("there is: {names}", names=", ".join(f"`{each}`" for each in names))


# ------------------------------------------------------------------------------- unused


def check_unused(check: Check, used: Collection[str]) -> None:
    """Warn of what nothing uses; a fact may be recorded only, if it says why or by which clause."""
    policy, places = check.policy, check.places
    asked = {choice.reading for site in sites(policy) for choice in choices(site.slot)}
    for name, reading in policy.readings.items():
        if name not in asked and reading.adopted is None:
            check.warn(
                "policy.unused",
                message("no formula asks for the reading `{name}`", name=name),
                places.key(("readings", name)),
                message("write `by: {name}` where the readings differ, or delete it", name=name),
            )
    for name in policy.parameters:
        if name not in used:
            text = message("nothing uses the parameter `{name}`", name=name)
            check.warn("policy.unused", text, places.key(("parameters", name)), _DELETE)
    for name, fact in policy.facts.items():
        if name not in used and not _recorded(fact):
            check.warn(
                "policy.unused",
                message("nothing uses the fact `{name}`", name=name),
                places.key(("facts", name)),
                message("delete it, or say with `meaning` or `clause` what it is recorded for"),
            )
    for name, decision in policy.decisions.items():
        if decision.question is None and name not in used:
            check.warn(
                "policy.unused",
                message(
                    "nothing uses the decision `{name}`, and it answers no question", name=name
                ),
                places.key(("decisions", name)),
                message("delete it, or give it a `question`"),
            )


def _recorded(fact: Fact) -> bool:
    return bool(fact.meaning or fact.clauses or fact.act)


_DELETE = message("delete it, or use it")


# ------------------------------------------------------------------------------- suggestions


def asked_about(name: str) -> str | None:
    """Give what is asked whether it happened, if a variable stands for such a question."""
    asked, bracket, rest = name.partition("(")
    return rest.removesuffix(")") if bracket and asked == HAPPENED else None


def writable(suggestion: Message) -> Message | None:
    """Turn the suggestion of a variable that nobody can write into what is written for it."""
    name = str(suggestion.fields.get("name"))
    event = name.partition("(")[2].removesuffix(")")
    if event and name == never_name(event):
        return message("write `{text}`", text=f"{event} = null")
    return None


def variables(policy: Policy) -> Iterator[str]:
    """Give the names that a text may show: facts, parameters, decisions, the day of the question."""
    yield from (*policy.facts, *policy.parameters, *policy.decisions, ASKED_ON)
