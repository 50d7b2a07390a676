"""What is found when a policy is checked: each mistake once, at its place, in words for its author."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.diagnostics import Diagnostic, render
from policyeval.errors import PolicyError
from policyeval.feel import types
from policyeval.policy.loading import load_policy, load_programme
from policyeval.policy.loading.texts import FORMATS as READ_FORMATS
from policyeval.policy.model import Policy, Programme, ValidPolicy
from policyeval.policy.problems import Problems
from policyeval.policy.validation import FORMATS, check_policy, validate
from policyeval.policy.validation.parts import formulas, governing_formulas, sites
from tools import chunks

TESTS = Path(__file__).parents[1]
EXAMPLE = TESTS / "programmes" / "example-referral"
VERSIONS = ("2024-01-01", "2024-07-01")
WRONG = sorted(Path(__file__).parent.glob("wrong/*.yaml"))
POLICIES = sorted([*chunks.FOLDER.glob("policy/*.yaml"), *WRONG])
CHUNKS = [chunk for path in POLICIES for chunk in chunks.read(path)]


def programme(text: str | None = None) -> Programme:
    whole = (EXAMPLE / "programme.yaml").read_text(encoding="utf-8") if text is None else text
    return load_programme(whole.encode(), "programme.yaml")


def version(name: str = VERSIONS[0], text: str | None = None) -> Policy:
    whole = text or (EXAMPLE / f"{name}.yaml").read_text(encoding="utf-8")
    return load_policy(whole.encode(), f"{name}.yaml")


def small(text: str) -> Policy:
    chunk = chunks.Chunk(POLICIES[0], 1, text, (), {}, None, "strict")
    return load_policy(chunks.whole(chunk).encode(), "policy.yaml")


def checked(policy: Policy, of: Programme | None = None) -> tuple[ValidPolicy | None, list[str]]:
    """Check a policy; give what is found as `file:line:column: severity: message  [code]`."""
    problems = Problems(policy.source)
    valid = validate(policy, of or programme(), problems)
    return valid, [render(each).split("\n")[0] for each in problems.found]


# ------------------------------------------------------------------------------- the good ones


@pytest.mark.parametrize("name", VERSIONS)
def test_the_example_is_checked_without_a_problem_and_without_a_warning(name: str) -> None:
    valid, found = checked(version(name))
    assert found == []
    assert valid is not None


@pytest.mark.parametrize("name", VERSIONS)
def test_every_formula_of_a_checked_policy_has_its_types(name: str) -> None:
    valid = check_policy(version(name), programme())
    every = [each for site in sites(valid.policy) for each in formulas(site.slot)]
    every += governing_formulas(valid.programme.governed_by)
    assert {id(each) for each in every} == {id(each) for each in valid.checked}
    assert all(id(each.tree) in valid.checked[each].types for each in every)


def test_the_variables_of_a_policy_are_those_that_its_formulas_may_have() -> None:
    valid = check_policy(version(), programme())
    events = ["referred_at", "customer_contact_at", "ordered_on", "delivered_on", "paid_on"]
    assert set(valid.scope) == {
        "asked_on",
        *valid.policy.facts,
        *valid.policy.parameters,
        *valid.policy.decisions,
        *(f"happened({each})" for each in events),
        *(f"never({each})" for each in events),
    }
    assert valid.scope["order_period"] == types.DAYS_AND_TIME_DURATION
    assert valid.scope["large_order"] == types.NUMBER
    assert valid.scope["extension_decision"] == types.optional(types.STRING)
    assert valid.scope["never(paid_on)"] == types.BOOLEAN
    assert valid.scope["asked_on"] == types.DATE


def test_what_is_needed_comes_first_and_otherwise_the_order_is_that_of_the_file() -> None:
    valid = check_policy(
        small(
            """
parameters:
  b: {value: a * 2, clause: "1", label: {en: b, sv: b, de: b}}
  a: {value: 1, clause: "1", label: {en: a, sv: a, de: a}}
facts:
  granted: {type: boolean, act: {by: vendor, clause: "1", open_when: late}, label: {en: g, sv: g, de: g}}
  day: {type: date, event: true, label: {en: day, sv: dag, de: Tag}}
decisions:
  last: {type: number, clause: "1", value: first + b, question: {en: W?, sv: V?, de: W?}}
  extended: {type: boolean, clause: "1", value: granted = true, question: {en: W?, sv: V?, de: W?}}
  first: {type: number, clause: "1", value: "1", label: {en: f, sv: f, de: f}}
  late: {type: boolean, clause: "1", value: happened(day), label: {en: l, sv: s, de: s}}
"""
        ),
        chunks.small_programme(),
    )
    assert valid.order == ("a", "b", "first", "last", "late", "extended")


def test_the_formats_of_texts_are_those_that_are_read() -> None:
    assert tuple(FORMATS) == READ_FORMATS


# ------------------------------------------------------------------------------- the bad ones


@pytest.mark.parametrize(
    "chunk",
    [chunk for chunk in CHUNKS if chunk.path in WRONG],
    ids=lambda chunk: chunk.name,
)
def test_a_policy_gives_exactly_the_problems_that_its_file_says(chunk: chunks.Chunk) -> None:
    silent = {(each.line, each.code) for each in chunk.expected if not each.help}
    compared = tuple(
        chunks.Expected(each.line, each.severity, each.code)
        if (each.line, each.code) in silent
        else each
        for each in chunks.found(chunk)
    )
    assert compared == chunk.expected


def test_every_problem_is_shown_at_its_place(golden: Callable[[str, str], None]) -> None:
    shown = []
    for chunk in CHUNKS:
        found = "\n\n".join(render(each) for each in chunks.problems(chunk))
        shown.append(f"=== {chunk.name}\n\n{found or 'nothing'}\n")
    golden("policy/validation.txt", "\n".join(shown))


def test_a_policy_is_refused_with_all_its_problems() -> None:
    text = (EXAMPLE / "2024-01-01.yaml").read_text(encoding="utf-8")
    text = text.replace('clause: "3.5"', 'clause: "3.6"').replace(
        "costs_claimed >=", "cost_claimed >="
    )
    with pytest.raises(PolicyError) as caught:
        check_policy(version(text=text), programme())
    assert [each.code for each in caught.value.diagnostics] == [
        "policy.unknown-clause",
        "feel.unknown-name",
    ]


def test_a_warning_alone_refuses_nothing() -> None:
    policy = small("parameters:\n  a: {value: 1, clause: '1', label: {en: a, sv: a, de: a}}\n")
    valid, found = checked(policy, chunks.small_programme())
    assert valid is not None
    assert [each.rpartition("  ")[2] for each in found] == ["[policy.unused]"]


def test_an_error_counts_even_after_more_warnings_than_are_kept() -> None:
    said = "{en: so, sv: så, de: so}"
    clauses = [
        f'  "{n}": {{lines: [1], kind: duty, gist: {said}, no_rule_because: {said}}}'
        for n in range(1_100)
    ]
    cited = ", ".join(f'"{n}"' for n in range(1_100))
    policy = small(
        "clauses:\n" + "\n".join(clauses) + "\ndecisions:\n  d: {type: number, "
        f"clause: [{cited}], value: unknown_name, question: {said}}}\n"
    )
    problems = Problems(policy.source)
    assert validate(policy, chunks.small_programme(), problems) is None
    with pytest.raises(PolicyError):
        check_policy(policy, chunks.small_programme())


def test_a_version_of_another_programme_is_refused() -> None:
    policy = small("programme: another\n")
    with pytest.raises(PolicyError) as caught:
        check_policy(policy, chunks.small_programme())
    assert render(caught.value.diagnostics[0]).split("\n") == [
        "policy.yaml:1:12: error: this is a version of the programme `another`, "
        "not of `example-referral`  [registry.wrong-name]",
        "    1 | programme: another",
        "      |            ^^^^^^^",
        "   help: write `programme: example-referral`",
    ]


# ------------------------------------------------------------------------------- the programme

OF_PROGRAMME = {
    "a-decision": (
        "day: ordered_on",
        "day: fee_due_on",
        "programme.yaml:27:12: error: `fee_due_on` is part of a version, and this day picks the "
        "version  [feel.unknown-name]",
    ),
    "a-parameter": (
        "day: ordered_on",
        "day: ordered_on + order_period",
        "programme.yaml:27:25: error: `order_period` is part of a version, and this day picks the "
        "version  [feel.unknown-name]",
    ),
    "unknown": (
        "day: ordered_on",
        "day: orderd_on",
        "programme.yaml:27:12: error: unknown name `orderd_on`  [feel.unknown-name]",
    ),
    "no-day": (
        "day: ordered_on",
        "day: referred_at",
        "programme.yaml:27:12: error: a value of type `date` is wanted, not a `date and time`  "
        "[feel.type]",
    ),
    "perhaps-no-day": (
        "day: ordered_on",
        "day: status_withdrawn_on",
        "programme.yaml:27:12: error: this value may be missing  [feel.null]",
    ),
    "day-of-a-decision": (
        "costs_reimbursed: asked_on",
        "costs_reimbursed: order_amount",
        "programme.yaml:39:23: error: a value of type `date` is wanted, not a `number`  [feel.type]",
    ),
    "no-event": (
        "day: ordered_on",
        "day: if happened(product) then ordered_on else asked_on",
        "programme.yaml:27:15: error: `product` is no event  [feel.arguments]",
    ),
    "never": (
        "day: ordered_on",
        "day: if ordered_on = null then asked_on else ordered_on",
        "programme.yaml:27:15: error: which version applies cannot depend on whether `ordered_on` "
        "never happens  [feel.not-in-profile]",
    ),
    "party": (
        "favours: partner",
        "favours: partners",
        "programme.yaml:25:16: error: the programme has no party `partners`  [policy.unknown-party]",
    ),
    "text": (
        "Several payments",
        "Several payments of {order_amount}",
        "programme.yaml:41:29: error: there is nothing named `order_amount` to show here  "
        "[policy.text]",
    ),
}


@pytest.mark.parametrize(("old", "new", "expected"), OF_PROGRAMME.values(), ids=OF_PROGRAMME)
def test_a_problem_of_the_programme_is_shown_in_its_own_file(
    old: str, new: str, expected: str
) -> None:
    text = (EXAMPLE / "programme.yaml").read_text(encoding="utf-8")
    assert old in text
    valid, found = checked(version(), programme(text.replace(old, new, 1)))
    assert valid is None
    assert found == [expected]


def test_the_day_that_picks_a_version_may_depend_on_what_has_happened() -> None:
    text = (EXAMPLE / "programme.yaml").read_text(encoding="utf-8")
    new = "day: if happened(ordered_on) then ordered_on else asked_on"
    valid, found = checked(version(), programme(text.replace("day: ordered_on", new)))
    assert found == []
    assert valid is not None


# ------------------------------------------------------------------------------- languages

WORDS = {
    "policy.clause-not-used": (
        "ingenting hänvisar till punkt `4.5a` (`deadline`)",
        "Ziffer `4.5a` (`deadline`) wird nirgends angeführt",
    ),
    "policy.cycle": (
        "`fee` definieras genom sig självt: fee → base → fee",
        "`fee` wird durch sich selbst definiert: fee → base → fee",
    ),
    "policy.no-clause": (
        "regeln hänvisar inte till någon punkt",
        "die Regel führt keine Ziffer an",
    ),
    "policy.not-constant": (
        "en parameter är densamma i varje ärende, och det är inte `referred_on`",
        "ein Parameter ist in jedem Fall derselbe, und `referred_on` ist es nicht",
    ),
    "policy.options": (
        "här sägs ingenting för dessa alternativ i `six_months_run_from`: `establishment`",
        "hier steht nichts für diese Möglichkeiten von `six_months_run_from`: `establishment`",
    ),
    "policy.unknown-clause": (
        "det finns ingen punkt `4.5 a`",
        "es gibt keine Ziffer `4.5 a`",
    ),
    "policy.unknown-reading": (
        "det finns ingen tolkningsfråga `days_of_windows`",
        "es gibt keine Auslegungsfrage `days_of_windows`",
    ),
    "policy.unused": (
        "ingenting använder parametern `approval_window`",
        "der Parameter `approval_window` wird nirgends verwendet",
    ),
}


def first_problem(code: str) -> Diagnostic:
    path = chunks.FOLDER / "policy" / f"{code.partition('.')[2]}.yaml"
    return chunks.problems(chunks.read(path)[0])[0]


@pytest.mark.parametrize(
    ("code", "swedish", "german"), [(k, *v) for k, v in WORDS.items()], ids=WORDS
)
def test_a_problem_is_told_in_swedish_and_in_german(code: str, swedish: str, german: str) -> None:
    found = first_problem(code)
    assert found.code == code
    assert found.message.text("sv") == swedish
    assert found.message.text("de") == german


# ------------------------------------------------------------------------------- laws


@settings(max_examples=250)
@given(st.lists(st.sets(st.integers(0, 7), max_size=3), min_size=1, max_size=8))
def test_decisions_are_put_in_order_or_a_circle_among_them_is_told(uses: list[set[int]]) -> None:
    uses = [{each for each in used if each < len(uses)} for used in uses]
    text = "decisions:\n" + "\n".join(
        f"  d{n}: {{type: number, clause: '1', question: {{en: d, sv: d, de: d}}, "
        f"value: {' + '.join(['1', *(f'd{each}' for each in sorted(used))])}}}"
        for n, used in enumerate(uses)
    )
    problems = Problems(small(text).source)
    valid = validate(small(text), chunks.small_programme(), problems)
    circular = [n for n in range(len(uses)) if n in reached(uses, n)]
    if valid is not None:
        assert circular == []
        place = {name: index for index, name in enumerate(valid.order)}
        assert all(
            place[f"d{each}"] < place[f"d{n}"] for n, used in enumerate(uses) for each in used
        )
        return
    told = [each for each in problems.found if each.code == "policy.cycle"]
    assert len(told) == len({frozenset(knot(uses, n)) for n in circular})
    for each in told:
        way = [int(name[1:]) for name in str(each.message.fields["way"]).split(" → ")]
        assert way[0] == way[-1]
        assert all(after in uses[before] for before, after in pairwise(way))


def reached(uses: list[set[int]], start: int) -> set[int]:
    found: set[int] = set()
    pending = [start]
    while pending:
        new = uses[pending.pop()] - found
        found |= new
        pending += new
    return found


def knot(uses: list[set[int]], start: int) -> set[int]:
    return {start, *(n for n in reached(uses, start) if start in reached(uses, n))}


# The words and values of all the policies of these tests: what a policy may be made of.
SCALARS = sorted(
    {word for chunk in CHUNKS for word in re.findall(r'[\w.]+|"[^"\n]*"|\'[^\'\n]*\'', chunk.text)}
)


@settings(max_examples=250)
@given(st.data())
def test_whatever_can_be_loaded_can_be_checked(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(CHUNKS)).text
    for _ in range(data.draw(st.integers(1, 3))):
        words = [*re.finditer(r'[\w.]+|"[^"\n]*"', text)]
        at = data.draw(st.sampled_from(words))
        text = text[: at.start()] + data.draw(st.sampled_from(SCALARS)) + text[at.end() :]
    try:
        policy = small(text)
    except PolicyError:
        return
    problems = Problems(policy.source)
    valid = validate(policy, chunks.small_programme(), problems)
    assert (valid is None) == any(each.severity == "error" for each in problems.found)
    if valid is not None:
        assert sorted(valid.order) == sorted([*policy.parameters, *policy.decisions])
        assert {*valid.order} < {*valid.scope}


def test_a_thousand_decisions_that_each_need_the_next_one_are_put_in_order() -> None:
    count = 1_000
    text = "decisions:\n" + "\n".join(
        f"  d{n}: {{type: number, clause: '1', question: {{en: d, sv: d, de: d}}, "
        f"value: {f'd{n + 1} + 1' if n + 1 < count else '1'}}}"
        for n in range(count)
    )
    valid = check_policy(small(text), chunks.small_programme())
    assert valid.order == tuple(f"d{n}" for n in reversed(range(count)))
    around = text.replace("value: 1}", "value: d0}")
    problems = Problems(small(around).source)
    assert validate(small(around), chunks.small_programme(), problems) is None
    assert [each.code for each in problems.found] == ["policy.cycle"]
