"""A made-up programme, its records made by hand, and an evaluation with every verdict there is."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from policyeval.evaluation.model import (
    Answer,
    Deciding,
    OpenPoint,
    Outcome,
    Phrase,
    Provenance,
    Reason,
    RemarkMade,
    Valued,
    Verdict,
)
from policyeval.evaluation.results import Evaluation
from policyeval.feel import types
from policyeval.feel.values import Value
from policyeval.messages import message
from policyeval.policy.model import (
    Act,
    Clause,
    ClauseKind,
    Decision,
    Fact,
    Field,
    Governing,
    Judgement,
    Option,
    Overlay,
    Parameter,
    Policy,
    Programme,
    Reading,
    SourceText,
    Text,
    ValidPolicy,
)
from policyeval.policy.never import NEVER
from policyeval.source import Source, Span

NOWHERE = Span(0, 0)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
_FIELD = re.compile(r"\{([a-z_]+)(?::([a-z]+))?\}")


def text(en: str, sv: str, de: str) -> Text:
    return Text({"en": _parts(en), "sv": _parts(sv), "de": _parts(de)}, span=NOWHERE)


def _parts(written: str) -> tuple[str | Field, ...]:
    parts: list[str | Field] = []
    end = 0
    for match in _FIELD.finditer(written):
        parts += [written[end : match.start()], Field(match[1], match[2], span=NOWHERE)]
        end = match.end()
    return tuple(part for part in (*parts, written[end:]) if part)


def _clause(id_: str, kind: ClauseKind, gist: Text) -> Clause:
    return Clause(id_, (1,), None, kind, gist, span=NOWHERE)


CLAUSES = (
    _clause(
        "2",
        "condition",
        text(
            "The order must be placed within 90 days after the introduction.",
            "Beställningen ska göras inom 90 dagar efter introduktionen.",
            "Die Bestellung muss innerhalb von 90 Tagen nach der Vermittlung erfolgen.",
        ),
    ),
    _clause(
        "3.1",
        "exclusion",
        text(
            "No bonus is paid to resellers.",
            "Återförsäljare har inte rätt till premie.",
            "Wiederverkäufer erhalten keine Prämie.",
        ),
    ),
    _clause(
        "3.2a",
        "discretion",
        text(
            "The supplier may extend the period at its own discretion.",
            "Leverantören får efter eget gottfinnande förlänga fristen.",
            "Der Anbieter kann die Frist nach freiem Ermessen verlängern.",
        ),
    ),
    _clause(
        "4",
        "payment",
        text(
            "The bonus is two and a half per cent of the order value.",
            "Premien uppgår till två och en halv procent av ordervärdet.",
            "Die Prämie beträgt zweieinhalb Prozent des Auftragswerts.",
        ),
    ),
)

FACTS = (
    Fact(
        "is_reseller",
        types.BOOLEAN,
        "plain",
        text("partner is a reseller", "partnern är återförsäljare", "Partner ist Wiederverkäufer"),
        span=NOWHERE,
    ),
    Fact(
        "company_name",
        types.optional(types.STRING),
        "plain",
        text("stated company name", "uppgivet företagsnamn", "angegebener Firmenname"),
        span=NOWHERE,
    ),
    Fact(
        "product",
        types.STRING,
        "plain",
        text("product", "produkt", "Produkt"),
        one_of=("software", "hardware", "training"),
        value_labels={
            "software": text("software", "programvara", "Software"),
            "hardware": text("equipment", "maskinvara", "Hardware"),
        },
        span=NOWHERE,
    ),
    Fact(
        "introduced_at",
        types.DATE_AND_TIME,
        "event",
        text("customer introduced", "kunden introducerad", "Kunde vermittelt"),
        span=NOWHERE,
    ),
    Fact(
        "ordered_on",
        types.DATE,
        "event",
        text("order placed", "beställningen gjord", "Bestellung aufgegeben"),
        span=NOWHERE,
    ),
    Fact(
        "extension_decision",
        types.STRING,
        "act",
        text(
            "decision on the extension",
            "beslut om förlängning",
            "Entscheidung über die Verlängerung",
        ),
        one_of=("granted", "refused"),
        act=Act("supplier", ("3.2a",)),
        value_labels={
            "granted": text("granted", "beviljad", "gewährt"),
            "refused": text("refused", "avslagen", "abgelehnt"),
        },
        span=NOWHERE,
    ),
    Fact(
        "order_value",
        types.NUMBER,
        "plain",
        text("order value", "ordervärde", "Auftragswert"),
        span=NOWHERE,
    ),
    Fact(
        "visits",
        types.ListOf(types.ContextOf({})),
        "log",
        text("visits", "besök", "Besuche"),
        log="visited_at",
        entries={
            "visited_at": Fact(
                "visited_at",
                types.DATE_AND_TIME,
                "event",
                text("time of the visit", "besökets tidpunkt", "Zeitpunkt des Besuchs"),
                span=NOWHERE,
            ),
            "authorised": Fact(
                "authorised",
                types.BOOLEAN,
                "plain",
                text("visitor is authorised", "besökaren är behörig", "Besucher ist befugt"),
                span=NOWHERE,
            ),
        },
        span=NOWHERE,
    ),
)

PARAMETERS = (
    Parameter(
        "order_window",
        None,  # type: ignore[arg-type]  # no formula is computed here
        ("2",),
        text("order period", "beställningsfrist", "Bestellfrist"),
        span=NOWHERE,
    ),
)

_JUDGEMENT = Judgement(
    "authors",
    date(2026, 11, 22),
    text("It is the ordinary meaning.", "Det är den vanliga innebörden.", "So üblich."),
)

READINGS = (
    Reading(
        "period_runs_from",
        ("2",),
        "A2",
        text(
            "From which day does the period run?",
            "Från vilken dag löper fristen?",
            "Von welchem Tag an läuft die Frist?",
        ),
        {
            "introduction": Option(
                "introduction",
                text("The day of the introduction.", "Introduktionsdagen.", "Tag der Vermittlung."),
                "supplier",
                span=NOWHERE,
            ),
            "confirmation": Option(
                "confirmation",
                text("The day it is confirmed.", "Bekräftelsedagen.", "Tag der Bestätigung."),
                "partner",
                span=NOWHERE,
            ),
        },
        span=NOWHERE,
    ),
    Reading(
        "kind_of_days",
        ("2",),
        "A3",
        text(
            "Are the 90 days calendar days or working days?",
            "Avses med 90 dagar kalenderdagar eller arbetsdagar?",
            "Sind mit den 90 Tagen Kalendertage oder Arbeitstage gemeint?",
        ),
        {
            "calendar": Option(
                "calendar", text("calendar days", "kalenderdagar", "Kalendertage"), span=NOWHERE
            ),
            "working": Option(
                "working", text("working days", "arbetsdagar", "Arbeitstage"), span=NOWHERE
            ),
        },
        ("calendar", _JUDGEMENT),
        span=NOWHERE,
    ),
)

_QUESTIONS: Mapping[str, tuple[types.Type, str | None, Text]] = {
    "bonus_payable": (
        types.BOOLEAN,
        None,
        text(
            "Is a bonus payable for the order?",
            "Ska premie betalas för beställningen?",
            "Ist für die Bestellung eine Prämie zu zahlen?",
        ),
    ),
    "introduction_valid": (
        types.BOOLEAN,
        None,
        text(
            "Is the introduction valid?",
            "Är introduktionen giltig?",
            "Ist die Vermittlung wirksam?",
        ),
    ),
    "training_included": (
        types.BOOLEAN,
        None,
        text(
            "Does the bonus include training?",
            "Omfattar premien utbildning?",
            "Umfasst die Prämie Schulungen?",
        ),
    ),
    "ordered_in_time": (
        types.BOOLEAN,
        None,
        text(
            "Was the order placed in time?",
            "Gjordes beställningen i rätt tid?",
            "Ist die Bestellung rechtzeitig erfolgt?",
        ),
    ),
    "extended": (
        types.BOOLEAN,
        None,
        text("Is the period extended?", "Är fristen förlängd?", "Ist die Frist verlängert?"),
    ),
    "still_possible": (
        types.BOOLEAN,
        None,
        text(
            "Is the order placed within the period?",
            "Görs beställningen inom fristen?",
            "Erfolgt die Bestellung innerhalb der Frist?",
        ),
    ),
    "voucher_due": (
        types.BOOLEAN,
        None,
        text(
            "Is a voucher to be issued?",
            "Ska ett presentkort lämnas?",
            "Ist ein Gutschein auszustellen?",
        ),
    ),
    "period_ends_on": (
        types.DATE,
        None,
        text(
            "Until when may the order be placed?",
            "Till och med vilken dag får beställningen göras?",
            "Bis wann kann bestellt werden?",
        ),
    ),
    "bonus_amount": (
        types.NUMBER,
        "money",
        text("How much is the bonus?", "Hur stor är premien?", "Wie hoch ist die Prämie?"),
    ),
    "bonus_rate": (
        types.NUMBER,
        "percent",
        text(
            "At which rate is the bonus computed?",
            "Med vilken procentsats beräknas premien?",
            "Nach welchem Satz wird die Prämie berechnet?",
        ),
    ),
    "paid_on": (
        types.DATE,
        None,
        text(
            "On which day is the bonus due?",
            "Vilken dag förfaller premien till betalning?",
            "An welchem Tag ist die Prämie fällig?",
        ),
    ),
    "partner_class": (
        types.STRING,
        None,
        text(
            "Which class is the partner in?",
            "Vilken klass tillhör partnern?",
            "In welche Klasse fällt der Partner?",
        ),
    ),
    "previous_claim_on": (
        types.optional(types.DATE),
        None,
        text(
            "On which day was a bonus claimed before?",
            "Vilken dag har premie begärts tidigare?",
            "An welchem Tag wurde zuvor eine Prämie verlangt?",
        ),
    ),
}

DECISIONS = tuple(
    Decision(
        name,
        type_,
        question,
        text("last day of the period", "fristens sista dag", "letzter Tag der Frist")
        if name == "period_ends_on"
        else None,
        (),
        format=format_,
        span=NOWHERE,
    )
    for name, (type_, format_, question) in _QUESTIONS.items()
)

PROGRAMME = Programme(
    "sample-introductions",
    text(
        "Terms of the introduction programme",
        "Villkor för introduktionsprogrammet",
        "Bedingungen des Vermittlungsprogramms",
    ),
    "Europe/Stockholm",
    "SEK",
    {
        "supplier": text("supplier", "leverantören", "Anbieter"),
        "partner": text("partner", "partnern", "Partner"),
    },
    Governing(
        Reading(
            "governing_day",
            ("5",),
            "A9",
            text(
                "Which day picks the version?",
                "Vilken dag avgör vilken version som gäller?",
                "Welcher Tag bestimmt die maßgebliche Fassung?",
            ),
            {},
            span=NOWHERE,
        ),
        {},
        {},
    ),
    (),
    "0" * 64,
    Source("", "programme.yaml"),
)

POLICY = Policy(
    "sample-introductions",
    "2024-01-15",
    date(2024, 1, 15),
    None,
    datetime(2024, 1, 15, tzinfo=UTC),
    SourceText("sample.sv.txt", "sv"),
    {each.id: each for each in CLAUSES},
    {each.name: each for each in PARAMETERS},
    {each.name: each for each in FACTS},
    {each.name: each for each in READINGS},
    {each.name: each for each in DECISIONS},
    (),
    (),
    {
        "next-weekday": Overlay(
            "next-weekday",
            text(
                "A last day on a holiday moves to the next weekday",
                "En sista dag som infaller på en helgdag flyttas till nästa vardag",
                "Ein letzter Tag, der auf einen Feiertag fällt, verschiebt sich auf den nächsten "
                "Werktag",
            ),
            span=NOWHERE,
        )
    },
    "3f5a9c0d1e2b4876" * 4,
    Source("", "2024-01-15.yaml"),
)

VALID = ValidPolicy(POLICY, PROGRAMME, {}, {}, ())

PROVENANCE = Provenance(
    "sample-introductions",
    "2024-01-15",
    POLICY.digest,
    {"kind_of_days": "calendar"},
    (),
    "policyeval 0.1.0",
    "FEEL of DMN 1.5, profile 1",
    date(2024, 6, 1),
    None,
)

EARLIER = replace(PROVENANCE, version=None, digest=None, readings={})
LATER = replace(
    PROVENANCE, version="2024-05-01", digest="ab" * 32, overlays=("next-weekday",), readings={}
)


def answer(
    decision: str,
    verdict: Verdict | None,
    value: object = None,
    *,
    reasons: tuple[Reason, ...] = (),
    open_points: tuple[OpenPoint, ...] = (),
    further_points: tuple[OpenPoint, ...] = (),
    until: date | None = None,
    remarks: tuple[RemarkMade, ...] = (),
    provenance: Provenance = PROVENANCE,
) -> Answer:
    return Answer(
        decision,
        verdict,
        value,
        reasons,
        open_points,
        further_points,
        until,
        remarks,
        provenance,
    )


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=STOCKHOLM)  # type: ignore[misc, arg-type]  # parts of a time


APPROVED_LATE = Reason(
    "bonus_payable",
    "ordered_in_time",
    "requirement",
    ("2",),
    Phrase(
        text(
            "The order was placed on {ordered_on:long}, after the period had ended.",
            "Beställningen gjordes den {ordered_on:long}, efter att fristen hade löpt ut.",
            "Die Bestellung erfolgte am {ordered_on:long}, nach Ablauf der Frist.",
        ),
        {"ordered_on": date(2024, 5, 2)},
    ),
    (
        Deciding(
            (
                Valued("ordered_on", date(2024, 5, 2)),
                " <= date(",
                Valued("introduced_at", moment(2024, 2, 1, 9, 0)),
                ") + ",
                Valued("order_window", timedelta(days=90)),
            ),
            False,
        ),
        Deciding(
            (
                Valued("ordered_on", date(2024, 5, 2)),
                " <= ",
                Valued("period_ends_on", date(2024, 5, 1)),
            ),
            False,
        ),
    ),
    False,
)

RESELLER = Reason(
    "bonus_payable",
    "reseller",
    "exclusion",
    ("3.1", "3.2a"),
    Phrase(None),
    (Deciding((Valued("is_reseller", True),), True),),
    True,
)

ANSWERS = (
    answer("bonus_payable", Verdict.NO, False, reasons=(APPROVED_LATE, RESELLER)),
    answer(
        "introduction_valid",
        Verdict.YES,
        True,
        reasons=(
            Reason(
                "introduction_valid",
                "named",
                "requirement",
                ("2",),
                Phrase(
                    text(
                        "The company name {company_name} was stated.",
                        "Företagsnamnet {company_name} har uppgivits.",
                        "Der Firmenname {company_name} wurde angegeben.",
                    ),
                    {"company_name": "Ek & Söner AB"},
                ),
                (Deciding((Valued("company_name", "Ek & Söner AB"), " != null"), True),),
                True,
            ),
            Reason(
                "introduction_valid",
                "training",
                "exclusion",
                ("3.1",),
                Phrase(None),
                (Deciding((Valued("product", "software"), ' = "hardware"'), False),),
                False,
            ),
        ),
        remarks=(
            RemarkMade(
                "may_be_withdrawn",
                ("3.2a",),
                Phrase(
                    text(
                        "The introduction may be withdrawn until the order is placed.",
                        "Introduktionen får återkallas till dess att beställningen görs.",
                        "Die Vermittlung kann bis zur Bestellung widerrufen werden.",
                    )
                ),
            ),
        ),
    ),
    answer(
        "training_included",
        Verdict.UNKNOWN,
        open_points=(
            OpenPoint(
                "is_reseller",
                "fact",
                gives={"true": Outcome(Verdict.NO, False), "false": Outcome(Verdict.YES, True)},
            ),
            OpenPoint("visits[2].authorised", "fact"),
            OpenPoint(
                "product",
                "fact",
                gives={
                    "software": Outcome(Verdict.OPEN),
                    "hardware": Outcome(Verdict.DISCRETION),
                    "training": Outcome(Verdict.NOT_COVERED),
                },
            ),
            OpenPoint("order_value", "fact"),
        ),
    ),
    answer(
        "ordered_in_time",
        Verdict.OPEN,
        open_points=(
            OpenPoint(
                "period_runs_from",
                "reading",
                ("2",),
                "A2",
                gives={
                    "introduction": Outcome(Verdict.NO, False),
                    "confirmation": Outcome(Verdict.YES, True),
                },
                favours={"introduction": "supplier", "confirmation": "partner"},
            ),
        ),
    ),
    answer(
        "extended",
        Verdict.DISCRETION,
        open_points=(
            OpenPoint(
                "extension_decision",
                "act",
                ("3.2a",),
                by="supplier",
                gives={
                    "granted": Outcome(Verdict.YES, True),
                    "refused": Outcome(Verdict.NO, False),
                    "none": Outcome(Verdict.NO, False),
                },
            ),
        ),
    ),
    answer(
        "still_possible",
        Verdict.PENDING,
        open_points=(OpenPoint("ordered_on", "event", until=date(2024, 8, 30)),),
        further_points=(
            OpenPoint(
                "period_runs_from",
                "reading",
                ("2",),
                "A2",
                gives={
                    "introduction": Outcome(Verdict.PENDING),
                    "confirmation": Outcome(Verdict.UNKNOWN),
                },
            ),
        ),
        until=date(2024, 8, 30),
    ),
    answer("voucher_due", Verdict.NOT_COVERED, provenance=EARLIER),
    answer(
        "period_ends_on",
        None,
        date(2024, 5, 1),
        reasons=(
            Reason(
                "period_ends_on",
                "period_ends_on",
                "value",
                ("2",),
                Phrase(None, gists=(POLICY.clauses["2"].gist,)),
                (
                    Deciding((Valued("introduced_at", moment(2024, 2, 1, 9, 0)),), None),
                    Deciding((Valued("order_window", timedelta(days=90)),), None),
                ),
            ),
        ),
    ),
    answer(
        "bonus_amount",
        None,
        Decimal("1234567.125"),
        reasons=(
            Reason(
                "bonus_rate",
                "bonus_rate",
                "value",
                ("4",),
                Phrase(None),
                (Deciding((Valued("order_value", Decimal(49382685)),), None),),
            ),
        ),
    ),
    answer("bonus_rate", None, Decimal("0.025"), provenance=LATER),
    answer("paid_on", None, NEVER),
    answer(
        "partner_class",
        None,
        "A",
        reasons=(
            Reason("partner_class", "r1", "row", ("4",), Phrase(None), ()),
            Reason("partner_class", "default", "value", (), Phrase(None), ()),
        ),
    ),
    answer(
        "previous_claim_on",
        None,
        None,
        reasons=(
            Reason(
                "previous_claim_on",
                "covers",
                "coverage",
                ("3.1",),
                Phrase(None),
                (
                    Deciding(
                        (
                            Valued("order_value", Decimal("0.5")),
                            " > 1000 or ",
                            Valued("happened(ordered_on)", False),
                        ),
                        False,
                    ),
                ),
                False,
            ),
        ),
    ),
)

PRESUMED: Mapping[str, Value] = {
    "is_reseller": False,
    "company_name": None,
    "visits[1].authorised": True,
    "product": "training",
    "extension_decision": None,
}


def evaluation(*answers: Answer, presumed: Mapping[str, Value] | None = None) -> Evaluation:
    return Evaluation(
        "sample-introductions",
        date(2024, 6, 1),
        None,
        {each.decision: each for each in answers},
        presumed or {},
        policies={"2024-01-15": VALID, "2024-05-01": VALID},
    )


def whole() -> Evaluation:
    return replace(
        evaluation(*ANSWERS, presumed=PRESUMED),
        notes=(message("warning"),),
    )
