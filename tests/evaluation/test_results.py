"""An evaluation is a mapping of decisions to answers, with texts, and with itself as JSON."""

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import cast

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.evaluation.data import Data, json_text, value_data
from policyeval.evaluation.model import (
    Answer,
    Deciding,
    OpenPoint,
    Outcome,
    Phrase,
    Reason,
    RemarkMade,
    Valued,
    Verdict,
)
from policyeval.evaluation.phrases import phrase_text
from policyeval.evaluation.results import Evaluation, in_words_of
from policyeval.feel.json_text import read_json
from policyeval.feel.values import Range, Value, YearsMonthsDuration
from policyeval.messages import LANGUAGES, message
from policyeval.policy.never import NEVER
from policyeval.source import Source
from tests.evaluation.sample import (
    ANSWERS,
    POLICY,
    PROGRAMME,
    PROVENANCE,
    RESELLER,
    VALID,
    answer,
    evaluation,
    text,
    whole,
)
from tests.strategies import days_between, moments_between

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "schema" / "evaluation.schema.json").read_text("utf-8")
)

VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


def check(written: str) -> None:
    """Check JSON against the published schema."""
    VALIDATOR.validate(json.loads(written, parse_float=Decimal))


# ---------------------------------------------------------------------- a mapping


def test_answers_are_found_by_decision_in_the_order_of_the_policy() -> None:
    found = whole()
    assert list(found) == [each.decision for each in ANSWERS]
    assert len(found) == len(ANSWERS)
    assert "extended" in found
    assert "other" not in found
    assert found["extended"].verdict is Verdict.DISCRETION
    assert list(found.answers) == list(found)
    assert found.get("other") is None


def test_a_decision_that_was_not_asked_is_named_with_what_may_be_meant() -> None:
    with pytest.raises(KeyError, match=r"no answer for the decision `extend`; did you mean"):
        whole()["extend"]


def test_an_evaluation_equals_another_that_says_the_same() -> None:
    assert whole() == whole()
    assert whole() == replace(whole(), policies={}, title=None)
    assert whole() != replace(whole(), presumed={})
    assert whole() != replace(whole(), asked_on=date(2024, 6, 2))
    assert whole() != replace(whole(), found=dict(reversed(list(whole().found.items()))))
    assert whole() != dict(whole())


def test_an_evaluation_comes_back_from_another_process() -> None:
    found = replace(whole(), policies={}, title=None)
    assert pickle.loads(pickle.dumps(found)) == found
    assert pickle.loads(pickle.dumps(found))["paid_on"].value is NEVER


def test_the_title_may_be_given_where_no_version_is() -> None:
    found = replace(whole(), policies={}, title=PROGRAMME.title)
    assert found.explain("sv").startswith("Villkor för introduktionsprogrammet\n")


def test_notes_are_said_at_the_beginning() -> None:
    found = replace(whole(), notes=(message("warning"),))
    assert found.explain("de").split("\n")[1] == "Warnung"
    assert found.as_data("de")["notes"] == ["Warnung"]


# ---------------------------------------------------------------------- texts


def test_the_parts_of_an_answer_have_their_texts() -> None:
    asked = whole()["bonus_payable"]
    late, reseller = asked.reasons
    assert asked.question == "Is a bonus payable for the order?"
    assert late.text == "The order was placed on 2 May 2024, after the period had ended."
    assert late.text_in("sv") == (
        "Beställningen gjordes den 2 maj 2024, efter att fristen hade löpt ut."
    )
    assert late.clauses == ("2",)
    assert reseller.text_in("de").startswith("Wiederverkäufer erhalten keine Prämie. Der Anbieter")
    assert reseller.deciding_in("de") == ("Partner ist Wiederverkäufer: ja",)
    (remark,) = whole()["introduction_valid"].remarks
    assert remark.text == "The introduction may be withdrawn until the order is placed."
    assert remark.clauses == ("3.2a",)


def test_an_open_reading_has_its_question_and_its_options() -> None:
    (point,) = whole()["ordered_in_time"].open_points
    assert point.ambiguity == "A2"
    assert point.question == point.label == "From which day does the period run?"
    assert point.question_in("de") == "Von welchem Tag an läuft die Frist?"
    assert point.option_in("confirmation", "sv") == "Bekräftelsedagen."


def test_an_open_fact_has_its_label() -> None:
    points = whole()["training_included"].open_points
    assert [each.label_in("sv") for each in points] == [
        "partnern är återförsäljare",
        "besök, post 2: besökaren är behörig",
        "produkt",
        "ordervärde",
    ]
    assert points[0].option_in("true", "de") == "ja"
    assert points[2].option_in("hardware", "sv") == "maskinvara"


def test_a_phrase_stands_alone_with_its_gists() -> None:
    gists = (POLICY.clauses["2"].gist, POLICY.clauses["4"].gist)
    phrase = Phrase(None, {}, gists)
    assert phrase_text(phrase, "sv") == (
        "Beställningen ska göras inom 90 dagar efter introduktionen. "
        "Premien uppgår till två och en halv procent av ordervärdet."
    )
    assert Reason("d", "r", "value", ("9",), phrase).text.startswith("The order must be placed")
    assert Reason("d", "r", "value", ("9",), Phrase(None)).text == ""


@pytest.mark.parametrize(
    ("field", "value", "written"),
    [
        ("{ordered_on}", date(2024, 2, 1), "1 Feb 2024|1 feb. 2024|01.02.2024"),
        ("{ordered_on:long}", date(2024, 2, 1), "1 February 2024|1 februari 2024|1. Februar 2024"),
        ("{ordered_on}", NEVER, "never occurs|inträffar aldrig|tritt nie ein"),
        ("{order_value}", Decimal("0.125"), "0.125|0,125|0,125"),
        ("{order_value:money}", Decimal("0.125"), "SEK 0.125|0,125 kr|0,125 SEK"),
        ("{order_value:percent}", Decimal("0.125"), "12.5%|12,5 %|12,5 %"),
        ("{bonus_amount}", Decimal("2.5"), "SEK 2.50|2,50 kr|2,50 SEK"),
        ("{bonus_amount:long}", Decimal("2.5"), "SEK 2.50|2,50 kr|2,50 SEK"),
        ("{company_name}", None, "none|finns inte|nicht vorhanden"),
        ("{company_name:money}", "A", "A|A|A"),
        ("{extension_decision}", None, "no decision|inget beslut|keine Entscheidung"),
        ("{extension_decision}", "refused", "refused|avslagen|abgelehnt"),
        ("{is_reseller}", True, "yes|ja|ja"),
        ("{order_window}", timedelta(days=90), "90 days|90 dagar|90 Tage"),
        ("{order_window}", YearsMonthsDuration(6), "6 months|6 månader|6 Monate"),
        ("{visits}", [], "no entries|inga poster|keine Einträge"),
        ("{visits}", [Decimal(1), Decimal(2)], "1 and 2|1 och 2|1 und 2"),
        (
            "{visits}",
            [{"authorised": True, "by": "A"}],
            "(visitor is authorised: yes, `by`: A)|(besökaren är behörig: ja, `by`: A)|"
            "(Besucher ist befugt: ja, `by`: A)",
        ),
        (
            "{visits}",
            [Decimal(each) for each in range(12)],
            "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more|0, 1, 2, 3, 4, 5, 6, 7, 8, 9 och 2 till|"
            "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 und 2 weitere",
        ),
    ],
)
def test_a_field_of_a_text_is_written_for_its_reader(
    field: str, value: Value, written: str
) -> None:
    name = field.strip("{}").partition(":")[0]
    phrase = Phrase(text(field, field, field), {name: value}, policy=VALID)
    shown = [phrase_text(phrase, each).replace("\xa0", " ") for each in ("en", "sv", "de")]
    assert shown == written.split("|")


def test_a_field_without_a_value_reads_as_unknown() -> None:
    phrase = Phrase(text("By {ordered_on}", "Till {ordered_on}", "Bis {ordered_on}"))
    assert [phrase_text(phrase, each) for each in ("en", "sv", "de")] == [
        "By (unknown)",
        "Till (okänt)",
        "Bis (unbekannt)",
    ]


def test_money_without_a_currency_is_a_number() -> None:
    bare = replace(VALID, programme=replace(PROGRAMME, currency=None))
    asked = in_words_of(bare, answer("bonus_amount", None, Decimal("1234.5")))
    assert [asked.headline_in(each) for each in ("en", "de")] == ["1,234.50", "1.234,50"]


def test_a_part_that_names_its_policy_keeps_it() -> None:
    other = replace(VALID, programme=replace(PROGRAMME, currency="EUR"))
    phrase = Phrase(text("{bonus_amount}", "", ""), {"bonus_amount": Decimal(1)}, policy=other)
    point = OpenPoint("order_value", "fact", policy=other)
    asked = in_words_of(
        VALID,
        answer(
            "extended",
            Verdict.YES,
            True,
            remarks=(RemarkMade("r", (), phrase),),
            open_points=(point,),
        ),
    )
    assert asked.remarks[0].text == "€1.00"
    assert asked.open_points[0].policy is other
    assert asked.policy is VALID


# ---------------------------------------------------------------------- as data


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_evaluation_as_json_is_what_the_schema_says(language: str) -> None:
    check(whole().to_json(language))


def test_the_schema_describes_every_key_and_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def described(schema: dict[str, object]) -> None:
        for each in cast(dict[str, dict[str, object]], schema.get("properties", {})).values():
            assert "description" in each or "$ref" in each or "const" in each

    described(SCHEMA)
    for each in SCHEMA["$defs"].values():
        assert "description" in each
        described(each)


def test_an_evaluation_as_json_reads_as_it_should(golden: Callable[[str, str], None]) -> None:
    golden("evaluation/evaluation.json", whole().to_json() + "\n")


def test_as_json_nothing_is_lost_that_as_data_has() -> None:
    found = whole()
    assert read_json(Source(found.to_json())) == found.as_data()


def test_keys_stand_in_the_order_of_the_schema() -> None:
    data = whole().as_data()
    assert list(data) == list(SCHEMA["properties"])
    answers = cast(dict[str, dict[str, Data]], data["answers"])
    for each in answers.values():
        assert list(each) == list(SCHEMA["$defs"]["answer"]["properties"])


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        (Decimal("0.10"), "0.1"),
        (Decimal("-0"), "0"),
        (Decimal("12345678901234567890123456789.125"), "12345678901234567890123456789.125"),
        (Decimal("1E+3"), "1000"),
        ("é\n\u2028", '"é\\n\u2028"'),
        ("\ud800", '"\\ud800"'),
        (date(2024, 2, 1), '"2024-02-01"'),
        (datetime(2024, 2, 1, 9, 0, tzinfo=UTC), '"2024-02-01T09:00:00Z"'),
        (timedelta(days=90), '"P90D"'),
        (YearsMonthsDuration(6), '"P6M"'),
        (NEVER, '"never"'),
        (Range(Decimal(1), Decimal(2), True, False), '"[1..2)"'),
        ([], "[]"),
        ({}, "{}"),
        ([Decimal(1), []], "[\n  1,\n  []\n]"),
        ({"b": Decimal(1), "a": {}}, '{\n  "b": 1,\n  "a": {}\n}'),
    ],
    ids=repr,
)
def test_a_value_is_written_exactly(value: object, written: str) -> None:
    assert json_text(value_data(value)) == written


# ---------------------------------------------------------------------- laws

NAMES = st.sampled_from(
    [*POLICY.facts, *POLICY.decisions, *POLICY.readings, "order_window", "asked_on", "other"]
)
PLACES = st.one_of(
    NAMES,
    st.sampled_from(
        ["visits[1]", "visits[2].authorised", "visits[9].other", "happened(ordered_on)", "never(x)"]
    ),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12)),
    st.decimals(allow_nan=False, allow_infinity=False).filter(
        lambda value: abs(value.adjusted()) < 6000
    ),
    st.text(max_size=20),
    days_between(date.min, date.max),
    moments_between(datetime.min, datetime.max).map(lambda each: each.replace(tzinfo=UTC)),
    st.timedeltas(),
    st.builds(YearsMonthsDuration, st.integers(-(10**6), 10**6)),
    st.just(NEVER),
    st.sampled_from(["granted", "hardware", "training"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
TEXTS = st.one_of(
    st.none(),
    st.just(text("It is {ordered_on:long} or {other:money}", "Det är {product}", "{a:percent}")),
)
PHRASES = st.builds(
    Phrase,
    TEXTS,
    st.dictionaries(PLACES, VALUES, max_size=3),
    policy=st.sampled_from([None, VALID]),
)
CLAUSES = st.lists(st.sampled_from(["2", "3.1", "99"]), max_size=3).map(tuple)
WRITTEN = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        [" > ", " = null", ' != "hardware"', "date(", ")", " and ", '@"2024-01-01"', '"\\u12"', "["]
    ),
)
DECIDING = st.builds(
    Deciding,
    st.lists(WRITTEN | st.builds(Valued, PLACES, VALUES), max_size=5).map(tuple),
    st.none() | st.booleans(),
)
REASONS = st.builds(
    Reason,
    NAMES,
    st.sampled_from(["r1", "late"]),
    st.sampled_from(["requirement", "exclusion", "value", "row", "coverage"]),
    CLAUSES,
    PHRASES,
    st.lists(DECIDING, max_size=2).map(tuple),
    st.none() | st.booleans(),
)
OUTCOMES = st.builds(Outcome, st.sampled_from(Verdict)) | st.builds(
    lambda value: Outcome(None, value), VALUES
)
OPTIONS = st.sampled_from(["true", "none", "granted", "confirmation", "hardware", "2024-01-01"])
POINTS = st.builds(
    OpenPoint,
    PLACES,
    st.sampled_from(["fact", "reading", "act", "event"]),
    CLAUSES,
    st.none() | st.just("A2"),
    st.none() | st.sampled_from(["supplier", "nobody"]),
    st.dictionaries(OPTIONS, OUTCOMES, max_size=3),
    st.dictionaries(OPTIONS, st.none() | st.sampled_from(["partner", "nobody"]), max_size=2),
    st.none() | days_between(date.min, date.max),
)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    verdict = draw(st.none() | st.sampled_from(Verdict))
    value: object = {Verdict.YES: True, Verdict.NO: False}.get(verdict) if verdict else draw(VALUES)
    pending = verdict is Verdict.PENDING
    return Answer(
        draw(NAMES),
        verdict,
        value,
        tuple(draw(st.lists(REASONS, max_size=2))),
        tuple(draw(st.lists(POINTS, max_size=2))),
        tuple(draw(st.lists(POINTS, max_size=1))),
        draw(st.none() | days_between(date.min, date.max)) if pending else None,
        tuple(draw(st.lists(st.builds(RemarkMade, NAMES, CLAUSES, PHRASES), max_size=1))),
        draw(
            st.sampled_from(
                [
                    PROVENANCE,
                    replace(PROVENANCE, version=None, digest=None),
                    replace(
                        PROVENANCE,
                        version="other",
                        digest=None,
                        readings={"other": "option", "kind_of_days": "other"},
                        overlays=("other",),
                        known_on=datetime(2024, 2, 1, 9, 0, tzinfo=UTC),
                    ),
                ]
            )
        ),
    )


@st.composite
def evaluations(draw: st.DrawFn) -> Evaluation:
    presumed = draw(st.dictionaries(PLACES, VALUES, max_size=2))
    found = evaluation(*draw(st.lists(answers(), max_size=2)), presumed=presumed)
    return found if draw(st.booleans()) else replace(found, policies={})


@settings(max_examples=200)
@given(evaluations(), st.sampled_from(LANGUAGES))
def test_every_evaluation_can_be_explained(found: Evaluation, language: str) -> None:
    explained = found.explain(language)
    assert explained == explained.strip("\n")
    for line in explained.split("\n"):
        assert line == line.rstrip(" ")
    assert explained == found.explain(language)
    for each in found.values():
        assert each.explain(language)


@settings(max_examples=200)
@given(evaluations(), st.sampled_from(LANGUAGES))
def test_every_evaluation_can_be_written_as_the_schema_says(
    found: Evaluation, language: str
) -> None:
    written = found.to_json(language)
    assert written == found.to_json(language)
    check(written)


def test_a_reason_can_be_shared_between_answers() -> None:
    both = evaluation(
        answer("bonus_payable", Verdict.NO, False, reasons=(RESELLER,)),
        answer("extended", Verdict.NO, False, reasons=(RESELLER,)),
    )
    assert both["bonus_payable"].reasons == both["extended"].reasons == (RESELLER,)
