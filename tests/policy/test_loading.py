"""A file of the format becomes the records that it stands for."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from policyeval.diagnostics import render
from policyeval.errors import PolicyError
from policyeval.feel import syntax, types
from policyeval.feel.parser import parse
from policyeval.messages import LANGUAGES
from policyeval.policy.loading import load_policy, load_programme, read_policy
from policyeval.policy.model import (
    Choice,
    Field,
    Formula,
    Policy,
    Presumption,
    Slot,
    happened_name,
    never_name,
)
from policyeval.policy.problems import Problems
from policyeval.source import Source
from tests.policy.made_policy import POLICY, PROGRAMME, document, policy, programme
from tools import chunks


@pytest.fixture(scope="module")
def made() -> Policy:
    return policy()


def formula(slot: Slot | None) -> Formula:
    assert isinstance(slot, Formula)
    return slot


def tree(text: str) -> syntax.Expression:
    return parse(Source(text))


# ------------------------------------------------------------------------------- records


def test_a_version_says_what_it_is_and_from_when(made: Policy) -> None:
    assert (made.programme, made.version) == ("example-referral", "2023-11-30")
    assert (made.in_force_from, made.in_force_until) == (date(2023, 11, 30), date(2024, 12, 31))
    assert made.known_from == datetime(2023, 11, 30, 9, 18, 37)
    assert made.digest == sha256(POLICY.encode()).hexdigest()
    assert made.source.text == POLICY
    assert (made.written_from.file, made.written_from.language) == ("example.sv.txt", "sv")
    assert made.written_from.sha256 == made.clauses["4.5a"].sha256
    assert made.written_from.title is not None
    assert made.written_from.title.parts["de"] == ("Vertrag",)


@pytest.mark.parametrize(
    ("written", "zone", "expected"),
    [
        ("2023-11-30", None, datetime(2023, 11, 30)),
        (
            "2023-11-30",
            ZoneInfo("Europe/Stockholm"),
            datetime(2023, 11, 30, tzinfo=ZoneInfo("Europe/Stockholm")),
        ),
        (
            "2023-11-30T09:00:00Z",
            ZoneInfo("Europe/Stockholm"),
            datetime(2023, 11, 30, 9, tzinfo=UTC),
        ),
        (
            "2023-11-30T09:00:00.5+05:30",
            None,
            datetime(2023, 11, 30, 9, 0, 0, 500_000, timezone(timedelta(hours=5, minutes=30))),
        ),
    ],
    ids=["day", "zone", "offset", "fraction"],
)
def test_when_a_text_could_be_known_is_a_moment(
    written: str, zone: ZoneInfo | None, expected: datetime
) -> None:
    text = POLICY.replace("known_from: 2023-11-30T09:18:37", f"known_from: {written}")
    found = load_policy(text.encode(), "x.yaml", zone=zone)
    assert found.known_from == expected
    assert found.known_from.tzinfo == expected.tzinfo


def test_terms_may_have_been_in_force_since_ever() -> None:
    found = policy(POLICY.replace("{from: 2023-11-30, until: 2024-12-31}", "{}"))
    assert (found.in_force_from, found.in_force_until) == (None, None)


def test_a_clause_knows_its_place_in_the_source(made: Policy) -> None:
    first, second = made.clauses.values()
    assert (first.id, first.lines, first.sentences, first.kind) == (
        "4.5a",
        (38, 39),
        (1, 2),
        "condition",
    )
    assert (second.lines, second.sentences, second.sha256) == ((40,), (1,), None)
    assert second.no_rule_because is not None
    assert made.source.position(first.span.start).line == 14


def test_a_parameter_is_an_expression_or_a_choice_in_a_choice(made: Policy) -> None:
    assert formula(made.parameters["approval_window"].value).tree == tree('duration("P180D")')
    rate = made.parameters["rate"]
    assert rate.clauses == ("4.5a", "4.6")
    assert isinstance(rate.value, Choice)
    assert rate.value.reading == "rate_read"
    assert formula(rate.value.options["low"]).tree == syntax.NumberLiteral(Decimal("0.10"))
    inner = rate.value.options["high"]
    assert isinstance(inner, Choice)
    assert list(inner.options) == ["included", "excluded"]
    assert formula(inner.options["excluded"]).text == "0.3"


@pytest.mark.parametrize(
    ("name", "kind", "type_", "presume"),
    [
        ("is_law_firm", "plain", "boolean", None),
        ("amount", "plain", "number", Presumption(Decimal("12.50"))),
        ("revoked_on", "plain", "date?", Presumption(None)),
        ("seen_on", "plain", "date", Presumption(date(2024, 2, 29))),
        ("product", "plain", "string", Presumption("other")),
        ("referred_at", "event", "date and time", None),
        ("approved_on", "event", "date", Presumption(None)),
        (
            "called_at",
            "event",
            "date and time",
            Presumption(datetime(2024, 1, 31, 9, 30, tzinfo=timezone(timedelta(hours=1)))),
        ),
        ("extension", "act", "string?", Presumption(None)),
        ("numbers", "plain", "list<number>", Presumption([Decimal(1), Decimal("2.5")])),
        (
            "acceptances",
            "log",
            "list<context<accepted_at: date and time, in_portal: boolean, note: string?>>",
            Presumption([{"accepted_at": datetime(2024, 1, 1), "in_portal": True, "note": "no"}]),
        ),
    ],
)
def test_a_fact_has_its_kind_its_type_and_what_is_presumed(
    made: Policy, name: str, kind: str, type_: str, presume: Presumption | None
) -> None:
    fact = made.facts[name]
    assert (fact.kind, types.type_text(fact.type), fact.presume) == (kind, type_, presume)
    assert set(fact.label.parts) == set(LANGUAGES)


def test_a_fact_that_is_one_of_a_few_texts_has_them_with_their_labels(made: Policy) -> None:
    product, extension = made.facts["product"], made.facts["extension"]
    assert product.one_of == ("recovery", "other")
    assert product.value_labels["recovery"].parts["sv"] == ("räddning",)
    assert (extension.one_of, extension.value_labels) == (("granted", "refused"), {})
    assert product.meaning is not None


def test_an_act_says_whose_it_is_and_when_it_is_open(made: Policy) -> None:
    act = made.facts["extension"].act
    assert act is not None
    assert (act.by, act.clauses) == ("vendor", ("4.5a",))
    assert formula(act.open_when).tree == tree("not(is_law_firm)")


def test_a_log_has_entries_with_types_and_presumptions_of_their_own(made: Policy) -> None:
    log = made.facts["acceptances"]
    assert (log.kind, log.log, list(log.entries)) == (
        "log",
        "accepted_at",
        ["accepted_at", "in_portal", "note"],
    )
    assert log.entries["in_portal"].presume == Presumption(True)
    assert (log.entries["note"].one_of, log.entries["note"].clauses) == (("no", "yes"), ("4.6",))


def test_a_reading_has_its_options_and_what_was_judged_of_them(made: Policy) -> None:
    first, second = made.readings.values()
    assert (first.adopted, first.admissible) == (None, ("low", "high"))
    assert first.options["low"].favours == "vendor"
    assert second.admissible == ("included", "excluded")
    assert second.adopted is not None
    assert (second.adopted[0], second.adopted[1].on) == ("included", date(2024, 1, 10))
    assert second.options["other"].rejected is not None


def test_a_decision_has_what_it_covers_requires_excludes_and_remarks(made: Policy) -> None:
    found = made.decisions["fee_payable"]
    assert found.covers is not None
    assert found.covers.clauses == ("4.6",)
    assert [each.id for each in (*found.requires, *found.excluded_if)] == ["in_time", "law_firm"]
    assert found.requires[0].otherwise is not None
    assert found.remarks[0].condition is not None
    assert (made.remarks[0].condition, made.consistent_when[0].id) == (None, "order")
    other = made.decisions["kind"].covers
    assert other is not None
    assert isinstance(other.condition, Choice)
    plain = made.decisions["fee_amount"].covers
    assert plain is not None
    assert (formula(plain.condition).text, plain.because) == ('product = "recovery"', None)


def test_a_table_has_its_columns_and_rows(made: Policy) -> None:
    table = made.decisions["kind"].table
    assert table is not None
    assert (table.hit_policy, table.aggregation) == ("FIRST", None)
    assert [each.expression.text for each in table.inputs] == ["product", "amount"]
    assert [(each.name, types.type_text(each.type)) for each in table.outputs] == [
        ("name", "string"),
        ("share", "number"),
    ]
    assert table.rules[0].when[1].tree == syntax.UnaryTests(())
    assert isinstance(table.rules[0].then[1], Choice)


@pytest.mark.parametrize(
    ("hit_policy", "type_", "expected"),
    [
        ("UNIQUE", "string?", "string?"),
        ("RULE ORDER", "list<string>", "string"),
        ("COLLECT", "list<string>", "string"),
        ("FIRST", "list<string>", "list<string>"),
    ],
)
def test_the_only_output_of_a_table_has_the_type_of_the_decision(
    hit_policy: str, type_: str, expected: str
) -> None:
    text = f"""\
decisions:
  kind:
    type: {type_}
    table: {{hit_policy: {hit_policy}, inputs: [product], rules: [{{id: a, when: [-1], then: [b]}}]}}
"""
    table = policy(_with(text)).decisions["kind"].table
    assert table is not None
    (output,) = table.outputs
    assert (output.name, types.type_text(output.type)) == (None, expected)


def test_an_overlay_moves_days_or_settles_readings(made: Policy) -> None:
    moving, settling = made.overlays.values()
    assert (moving.calendar, moving.moves) == ("DE", ("window_ends_on",))
    assert settling.settles == {"last_day": "included"}


def test_a_programme_says_what_its_versions_share() -> None:
    found = programme()
    assert (found.name, found.zone, found.currency) == (
        "example-referral",
        "Europe/Stockholm",
        "SEK",
    )
    assert list(found.parties) == ["vendor", "partner"]
    assert found.limits[0].parts["en"] == ("No refunds.",)
    assert found.digest == sha256(PROGRAMME.encode()).hexdigest()
    governing = found.governed_by
    assert governing.reading.name == "governed_by"
    assert governing.reading.admissible == ("referral",)
    assert {name: each.text for name, each in governing.days.items()} == {
        "referral": "date(referred_at)"
    }
    assert governing.decisions["fee_amount"].tree == tree("asked_on")


# ------------------------------------------------------------------------------- formulas


def _with(part: str) -> str:
    """Put sections in place of those of the same name of the made-up policy."""
    key = part.partition(":")[0]
    before, _, rest = POLICY.partition(f"\n{key}:")
    _, _, after = rest.partition("\n\n")
    return f"{before}\n{part}\n{after}"


def value_of(expression: str) -> Formula:
    text = f"""\
decisions:
  found:
    type: boolean
    value: >-
      {expression}
"""
    return formula(policy(_with(text)).decisions["found"].value)


def named(written: str) -> syntax.Expression:
    """Give the tree of a text in which `H` and `N` stand for the names about `approved_on`."""
    found = tree(written)
    names = {
        "H": syntax.Name(happened_name("approved_on")),
        "N": syntax.Name(never_name("approved_on")),
    }

    def put(node: syntax.Expression) -> syntax.Expression:
        match node:
            case syntax.Name(name):
                return names.get(name, node)
            case syntax.Call(function, arguments):
                return syntax.Call(
                    function, tuple(syntax.Argument(put(each.value)) for each in arguments)
                )
            case syntax.Conjunction(operands):
                return syntax.Conjunction(tuple(map(put, operands)))
            case syntax.If(condition, consequence, alternative):
                return syntax.If(put(condition), put(consequence), put(alternative))
            case _:
                return node

    return put(found)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("happened(approved_on)", "H"),
        ("approved_on = null", "N"),
        ("null = approved_on", "N"),
        ("approved_on != null", "not(N)"),
        ("not(approved_on = null) and happened(approved_on)", "not(N) and H"),
        (
            "if approved_on = null then happened(approved_on) else is_law_firm",
            "if N then H else is_law_firm",
        ),
        ("revoked_on = null", "revoked_on = null"),
        ("extension = null", "extension = null"),
        ("approved_on < null", "approved_on < null"),
        ("approved_on = seen_on", "approved_on = seen_on"),
        (
            "some approved_on in [1] satisfies approved_on = null",
            "some approved_on in [1] satisfies approved_on = null",
        ),
        (
            "count(for approved_on in [1] return approved_on = null) = 1",
            "count(for approved_on in [1] return approved_on = null) = 1",
        ),
        ("{approved_on: 1, a: approved_on = null}.a", "{approved_on: 1, a: approved_on = null}.a"),
        ("count(acceptances[note = null]) > 0", "count(acceptances[note = null]) > 0"),
        ("is_law_firm", "is_law_firm"),
    ],
)
def test_what_is_asked_about_an_event_becomes_a_name(written: str, expected: str) -> None:
    assert value_of(written).tree == named(expected)


@pytest.mark.parametrize(
    "written",
    [
        "[approved_on = null]",
        "{a: approved_on = null}",
        "{a: approved_on = null}.a",
        "every each in [approved_on = null] satisfies each",
        "for each in [1] return approved_on = null",
        "[1, 2][approved_on = null]",
        "(function(a) approved_on = null)(1)",
        "true in (approved_on = null)",
        "true in (= (approved_on = null), true)",
        "(approved_on = null) = true",
        "true between (approved_on = null) and true",
        "(approved_on = null) instance of boolean",
        "[(approved_on = null)..true]",
        "if true then approved_on = null else false",
        "string(approved_on = null)",
        "string(from: approved_on = null)",
        "-(approved_on = null)",
        "1 + (approved_on = null)",
        "is_law_firm or approved_on = null",
    ],
)
def test_an_event_is_found_wherever_it_is_asked_about(written: str) -> None:
    found = value_of(written)
    names = [each.name for each in syntax.walk(found.tree) if isinstance(each, syntax.Name)]
    assert never_name("approved_on") in names
    assert not any(isinstance(each, syntax.NullLiteral) for each in syntax.walk(found.tree))


def test_a_name_in_place_of_a_question_stands_where_the_question_does() -> None:
    found = value_of("is_law_firm and   approved_on != null")
    assert isinstance(found.tree, syntax.Conjunction)
    span = found.tree.operands[1].span
    assert found.text[span.start : span.end] == "approved_on != null"


@pytest.mark.parametrize(
    ("call", "told", "help_"),
    [
        ("happened(aproved_on)", "`aproved_on` is no event", "did you mean `approved_on`?"),
        (
            "happened(amount)",
            "`amount` is no event",
            "the events: `approved_on`, `called_at`, `referred_at`",
        ),
        (
            "happened(1)",
            "`happened` takes the name of an event and nothing else",
            "the events: `approved_on`, `called_at`, `referred_at`",
        ),
    ],
)
def test_only_an_event_happens(call: str, told: str, help_: str) -> None:
    with pytest.raises(PolicyError) as caught:
        value_of(call)
    (found,) = caught.value.diagnostics
    assert (found.code, found.message.text()) == ("feel.arguments", told)
    assert found.help is not None
    assert found.help.text() == help_


def test_in_a_programme_any_name_may_be_an_event() -> None:
    text = PROGRAMME.replace("date(referred_at)", "if happened(paid_on) then paid_on else asked_on")
    day = programme(text).governed_by.days["referral"].tree
    assert isinstance(day, syntax.If)
    assert day.condition == syntax.Name(happened_name("paid_on"))


def test_the_problems_of_every_formula_are_told_at_their_places_in_the_file() -> None:
    text = POLICY.replace("date(referred_at) + approval_window", "date(referred_at) +").replace(
        "and approved_on <= window_ends_on", "and approved_on =< window_ends_on"
    )
    text = text.replace('when: ["> 0"]', 'when: ["> "]')
    with pytest.raises(PolicyError) as caught:
        policy(text)
    places = [
        (each.code, text[each.span.start :].split("\n")[0][:6]) for each in caught.value.diagnostics
    ]
    assert [code for code, _ in places] == ["feel.syntax"] * 3
    assert "=< win" in [at for _, at in places]


def test_a_formula_knows_its_scalar_and_its_file(made: Policy) -> None:
    found = formula(made.decisions["fee_payable"].requires[0].condition)
    assert found.text == "approved_on != null and approved_on <= window_ends_on"
    assert found.source is made.source
    assert made.source.position(found.scalar.span.start).line == 111


# ------------------------------------------------------------------------------- texts


def test_a_text_is_split_at_its_fields(made: Policy) -> None:
    because = made.decisions["fee_payable"].requires[0].because
    assert because.parts["sv"] == (
        "Godkänt först ",
        Field("approved_on", "long", span=because.span),
        ", ",
        Field("amount", "money", span=because.span),
        " {sic}.",
    )
    field = because.parts["en"][1]
    assert isinstance(field, Field)
    assert POLICY[field.span.start : field.span.end] == "{approved_on}"


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("plain", ("plain",)),
        ('" {amount} "', (Field,)),
        ('"{amount}{amount}"', (Field, Field)),
        ('"{{amount}}"', ("{amount}",)),
        ('"{{{amount}}}"', ("{", Field, "}")),
        ('"a\\n{amount}\\n"', ("a\n", Field)),
        ('">- {amount:percent}%"', (">- ", Field, "%")),
    ],
)
def test_braces_in_texts(written: str, parts: tuple[object, ...]) -> None:
    text = POLICY.replace("en: law firm}, clause", f"en: {written}}}, clause", 1)
    found = policy(text).facts["is_law_firm"].label.parts["en"]
    assert tuple(type(each) if isinstance(each, Field) else each for each in found) == parts


def test_only_the_languages_that_are_asked_for_are_needed() -> None:
    text = POLICY.replace("de: Kanzlei, ", "")
    found = load_policy(text.encode(), "x.yaml", languages=("sv", "en"))
    assert set(found.facts["is_law_firm"].label.parts) == {"en", "sv"}
    assert set(found.facts["amount"].label.parts) == set(LANGUAGES)
    with pytest.raises(PolicyError) as caught:
        policy(text)
    assert {each.code for each in caught.value.diagnostics} == {"schema.missing-language"}


# ------------------------------------------------------------------------------- problems


def test_all_problems_of_a_file_are_told_at_once_each_of_them_once() -> None:
    text = (
        POLICY.replace("kind: condition", "kind: Condition")
        .replace("    value: date(referred_at) + approval_window", "    valeu: date(referred_at) +")
        .replace("2023-11-30, until", "30.11.2023, until")
        .replace("type: date?", "type: dat?")
        .replace(
            '      - {id: law_firm, clause: ["4.6"], when: is_law_firm, ', "      - {id: in_time, "
        )
        .replace("is_law_firm: {type: boolean", "rate: {type: boolean")
    )
    with pytest.raises(PolicyError) as caught:
        policy(text)
    assert [each.code for each in caught.value.diagnostics] == [
        "schema.format",
        "schema.enum",
        "schema.name",
        "feel.unknown-type",
        "schema.unknown-key",
        "schema.required",
        "schema.name",
    ]


def test_the_last_day_of_a_version_does_not_lie_before_the_first() -> None:
    with pytest.raises(PolicyError) as caught:
        policy(POLICY.replace("until: 2024-12-31", "until: 2023-11-29"))
    assert [each.code for each in caught.value.diagnostics] == ["registry.dates"]
    policy(POLICY.replace("until: 2024-12-31", "until: 2023-11-30"))


def test_what_is_wrong_with_the_yaml_is_told_by_the_same_error() -> None:
    with pytest.raises(PolicyError) as caught:
        policy(POLICY.replace("format: 1", "format: &a 1"))
    assert caught.value.diagnostics[0].code == "yaml.alias-not-allowed"


def test_a_reader_that_collects_gets_no_policy_where_there_are_problems() -> None:
    made = document(POLICY.replace("kind: condition", "kind: none"))
    problems = Problems(made.source)
    assert read_policy(made, problems) is None
    assert [each.code for each in problems.found] == ["schema.enum"]


FILES = sorted((chunks.FOLDER / "schema").glob("*.yaml"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_said_of_a_bad_file(
    path: Path, language: str, golden: Callable[[str, str], None]
) -> None:
    told = []
    for chunk in chunks.read(path):
        load = load_programme if chunk.mode == "programme" else load_policy
        try:
            load(chunks.whole(chunk).encode(), "policy.yaml")
        except PolicyError as error:
            told += [render(each, language) for each in error.diagnostics]
    golden(f"loading/{path.stem}.{language}.txt", "\n\n".join(told) + "\n")
