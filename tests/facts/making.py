"""Policies for these tests, of facts alone."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from policyeval.feel import syntax
from policyeval.feel.types import (
    BOOLEAN,
    DATE,
    DATE_AND_TIME,
    NUMBER,
    STRING,
    ContextOf,
    ListOf,
    Type,
    optional,
)
from policyeval.feel.values import Value
from policyeval.policy.model import (
    Act,
    Decision,
    Fact,
    FactKind,
    Formula,
    Governing,
    Option,
    Parameter,
    Policy,
    Presumption,
    Programme,
    Reading,
    SourceText,
    Text,
    ValidPolicy,
)
from policyeval.policy.yaml import Scalar
from policyeval.source import Source, Span

ASKED_ON = date(2024, 7, 1)
_AT = Span(0, 0)
_NOWHERE = Source("")
_TEXT = Text({"en": ("a fact",)}, span=_AT)
_SCALAR = Scalar("true", "plain", span=_AT, pieces=())
_FORMULA = Formula("true", syntax.BooleanLiteral(True, span=_AT), _SCALAR, _NOWHERE)
_READING = Reading(
    "run_from", ("1",), "A1", _TEXT, {"invoice": Option("invoice", _TEXT, span=_AT)}, span=_AT
)

MISSING = object()


def fact(
    name: str,
    type_: Type,
    kind: FactKind = "plain",
    *,
    one_of: tuple[str, ...] | None = None,
    presume: object = MISSING,
    log: str | None = None,
    entries: tuple[Fact, ...] = (),
) -> Fact:
    """Declare a fact."""
    presumption = None
    if presume is not MISSING:
        presumption = Presumption(cast(Value, presume))
    return Fact(
        name,
        optional(type_) if kind == "act" else type_,
        kind,
        _TEXT,
        one_of,
        Act("vendor", ("1",)) if kind == "act" else None,
        log,
        {each.name: each for each in entries},
        presumption,
        span=_AT,
    )


def list_of(name: str, *entries: Fact, log: str | None = None) -> Fact:
    """Declare a list of contexts, or a log of events."""
    type_ = ListOf(ContextOf({each.name: each.type for each in entries}))
    return fact(name, type_, "log" if log else "plain", log=log, entries=entries)


def policy(*facts: Fact, zone: str = "Europe/Stockholm") -> ValidPolicy:
    """Make a policy of these facts; `fee` is a parameter, `payable` a decision, `run_from` a reading."""
    declared = {each.name: each for each in facts}
    return ValidPolicy(
        Policy(
            programme="example",
            version="2024-01-01",
            in_force_from=None,
            in_force_until=None,
            known_from=datetime(2024, 1, 1),
            written_from=SourceText("example.txt", "sv"),
            clauses={},
            parameters={"fee": Parameter("fee", _FORMULA, (), _TEXT, span=_AT)},
            facts=declared,
            readings={"run_from": _READING},
            decisions={
                "payable": Decision("payable", BOOLEAN, _TEXT, None, (), value=_FORMULA, span=_AT)
            },
            consistent_when=(),
            remarks=(),
            overlays={},
            digest="",
            source=_NOWHERE,
        ),
        Programme(
            name="example",
            title=_TEXT,
            zone=zone,
            currency=None,
            parties={"vendor": _TEXT},
            governed_by=Governing(_READING, {"invoice": _FORMULA}, {}),
            limits=(),
            digest="",
            source=_NOWHERE,
        ),
        {},
        {},
        (),
    )


def every_kind() -> ValidPolicy:
    """Make a policy with a fact of each kind and type."""
    return policy(
        fact("is_firm", BOOLEAN),
        fact("is_listed", BOOLEAN, presume=False),
        fact("amount", NUMBER),
        fact("discount", optional(NUMBER)),
        fact("company", STRING),
        fact("product", STRING, one_of=("data_recovery", "gerätetausch")),
        fact("signed_on", DATE),
        fact("revoked_on", optional(DATE), presume=None),
        fact("called_at", DATE_AND_TIME),
        fact("approved_on", DATE, "event"),
        fact("referred_at", DATE_AND_TIME, "event"),
        fact("contact_at", DATE_AND_TIME, "event", presume=None),
        fact("extension", STRING, "act", one_of=("granted", "refused")),
        fact("waiver", BOOLEAN, "act", presume=False),
        fact("extended_to", DATE, "act"),
        fact("rates", ListOf(NUMBER)),
        list_of(
            "acceptances",
            fact("accepted_at", DATE_AND_TIME),
            fact("in_portal", BOOLEAN, presume=True),
            fact("authorised", BOOLEAN),
            fact("number", optional(STRING), presume=None),
            log="accepted_at",
        ),
        list_of("invoices", fact("invoice_amount", NUMBER), fact("invoice_on", DATE)),
    )


COMPLETE: Mapping[str, object] = {
    "is_firm": False,
    "is_listed": True,
    "amount": Decimal("1234.50"),
    "discount": None,
    "company": "Räksmörgås AB",
    "product": "data_recovery",
    "signed_on": date(2024, 1, 31),
    "revoked_on": None,
    "called_at": datetime(2024, 1, 31, 9, 30),
    "approved_on": date(2024, 5, 1),
    "referred_at": datetime(2024, 2, 1, 9, 0),
    "contact_at": datetime(2024, 2, 2, 9, 0),
    "extension": "granted",
    "waiver": False,
    "extended_to": date(2024, 9, 1),
    "rates": [Decimal("0.10"), 2],
    "acceptances": [
        {
            "accepted_at": datetime(2024, 6, 1, 12),
            "in_portal": True,
            "authorised": True,
            "number": "A 1",
        }
    ],
    "invoices": [{"invoice_amount": 100, "invoice_on": date(2024, 6, 2)}],
}


def entries_of(values: Mapping[str, object], name: str) -> list[dict[str, Value]]:
    """Give the entries of a list of contexts."""
    entries = values[name]
    assert isinstance(entries, list)
    return entries
