"""What a caller gives is read once: what its objects do meanwhile or afterwards changes no answer."""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

import policyeval
from policyeval import Evaluation, FactsError, PolicySet
from policyeval.facts import Open, decode_bytes
from tests.evaluator.test_policies import FACTS, NAME
from tests.facts.test_hostile import ARMED, TRAPS, explode

ROOT = Path(__file__).parents[2]
ASKED_ON = date(2026, 1, 1)
IBAS, KASPERSKY = "ibas-ontrack-partner", "kaspersky-target-notification"
EXAMPLES = {IBAS: "ibas-open.json", KASPERSKY: "kaspersky-open.json"}


@cache
def policies(programme: str) -> PolicySet:
    """Give a set in which everything is prepared."""
    folder = ROOT / "tests" / "programmes" if programme == NAME else ROOT / "policies"
    loaded = policyeval.load_policies(folder)
    loaded.prepare()
    return loaded


def known_facts(loaded: PolicySet, programme: str) -> dict[str, Any]:
    if programme == NAME:
        return dict(FACTS)
    raw = (ROOT / "examples" / EXAMPLES[programme]).read_bytes()
    version = loaded.program(programme, on=ASKED_ON).policy
    read = decode_bytes(raw, None, version, ASKED_ON)
    known = {name: read.values[name] for name in read.given}
    return {name: None if isinstance(each, Open) else each for name, each in known.items()}


@cache
def _facts(programme: str) -> dict[str, Any]:
    return known_facts(policies(programme), programme)


def fresh(programme: str) -> dict[str, Any]:
    """Give the facts of a transaction as typed values; nothing of them is shared."""
    return deepcopy(_facts(programme))


def ask(programme: str, facts: object) -> Evaluation:
    return policies(programme).evaluate(programme, cast(Any, facts), asked_on=ASKED_ON)


def everything(evaluation: Evaluation) -> tuple[object, ...]:
    """Read all that an evaluation says."""
    return (evaluation.to_record(), evaluation.to_json("sv"), evaluation.explain("en"))


@cache
def expected(programme: str) -> tuple[object, ...]:
    return everything(ask(programme, fresh(programme)))


# ------------------------------------------------------------------------------- changed afterwards


def emptied(facts: dict[str, Any]) -> None:
    for each in facts.values():
        if isinstance(each, list):
            each.clear()
    facts.clear()


def other_values(facts: dict[str, Any]) -> None:
    for name, each in facts.items():
        if isinstance(each, list):
            for entry in each:
                entry.update(dict.fromkeys(entry, datetime(2030, 1, 1)))
            each.append({"nonsense": object()})
        else:
            facts[name] = object()


def itself(facts: dict[str, Any]) -> None:
    for name, each in facts.items():
        if isinstance(each, list):
            each[0].update(dict.fromkeys(each[0], facts))
            each[:] = [each]
        else:
            facts[name] = facts


@pytest.mark.parametrize("change", [emptied, other_values, itself])
@pytest.mark.parametrize("programme", [NAME, IBAS, KASPERSKY])
def test_what_is_changed_after_the_question_changes_nothing_that_is_read_later(
    programme: str, change: Callable[[dict[str, Any]], None]
) -> None:
    facts = fresh(programme)
    evaluation = ask(programme, facts)
    change(facts)
    assert everything(evaluation) == expected(programme)


@pytest.mark.parametrize("programme", [NAME, IBAS, KASPERSKY])
def test_each_question_is_about_the_facts_as_they_are_then(programme: str) -> None:
    facts = fresh(programme)
    first = ask(programme, facts)
    changes = {NAME: "referred_at", IBAS: "approved_on", KASPERSKY: "released_on"}
    changed = changes[programme]
    facts[changed] = facts[changed].replace(day=27)
    second = ask(programme, facts)
    assert everything(first) == expected(programme)
    assert second.to_record() == ask(programme, deepcopy(facts)).to_record()


# ------------------------------------------------------------------------------- objects that act


def hostile(base: type, given: object) -> object:
    """Make an object of a class that raises whatever is asked of it."""
    return type("Hostile", (base,), TRAPS)(given)


class LyingDict(dict[str, object]):
    """Shows other entries than it has."""

    def items(self) -> Any:
        return [("order_amount", 6)]

    def __iter__(self) -> Iterator[str]:
        return iter(["order_amount"])

    def __getitem__(self, key: str) -> object:
        return 7

    def __or__(self, other: object) -> Any:
        return {}

    def __ror__(self, other: object) -> Any:
        return {}

    def copy(self) -> Any:
        return {}

    def __len__(self) -> int:
        return 0


class Name(str):
    """A text that lies about everything that a dict does not ask."""

    __slots__ = ()
    __str__ = __repr__ = __len__ = __iter__ = __format__ = explode
    isascii = encode = casefold = explode


def entries(make: Callable[[Any], object]) -> Callable[[dict[str, Any]], object]:
    """Put what is made of them in the place of lists."""
    return lambda facts: {
        name: make(each) if isinstance(each, list) else each for name, each in facts.items()
    }


def values(kind: type, make: Callable[[Any], object]) -> Callable[[dict[str, Any]], object]:
    """Put what is made of them in the place of values of a kind."""
    return lambda facts: {
        name: make(each) if type(each) is kind else each for name, each in facts.items()
    }


FORMS: Mapping[str, Callable[[dict[str, Any]], object]] = {
    "lying": LyingDict,
    "lying-entries": entries(lambda each: [LyingDict(entry) for entry in each]),
    "hostile-entries": entries(lambda each: [hostile(dict, entry) for entry in each]),
    "hostile-lists": entries(lambda each: hostile(list, each)),
    "tuples": entries(tuple),
    "texts": values(str, lambda each: hostile(str, each)),
    "numbers": values(Decimal, lambda each: hostile(Decimal, each)),
    "names": lambda facts: {Name(name): value for name, value in facts.items()},
}


@pytest.mark.parametrize(
    ("programme", "make"),
    [
        pytest.param(programme, make, id=f"{programme}-{form}")
        for programme in (NAME, IBAS, KASPERSKY)
        for form, make in FORMS.items()
    ],
)
def test_what_an_object_holds_is_what_is_answered_about(
    programme: str, make: Callable[[dict[str, Any]], object]
) -> None:
    wanted = expected(programme)
    given = make(fresh(programme))
    ARMED.append(True)
    try:
        found = everything(ask(programme, given))
        record = policies(programme).decide(programme, cast(Any, given), asked_on=ASKED_ON)
    finally:
        ARMED.clear()
    assert found == wanted
    assert record == wanted[0]


@pytest.mark.parametrize("programme", [NAME, IBAS])
def test_facts_that_answer_nothing_are_what_they_hold(programme: str) -> None:
    wanted = expected(programme)
    given = hostile(dict, fresh(programme))
    ARMED.append(True)
    try:
        found = everything(ask(programme, given))
    finally:
        ARMED.clear()
    assert found == wanted


class SomeName(str):
    """A text that, to a dict, is the name of a fact, whatever it says."""

    __slots__ = ()

    def __hash__(self) -> int:
        return hash("invoice_amount")

    def __eq__(self, other: object) -> bool:
        return True


def test_a_name_that_a_dict_takes_for_another_is_that_one_or_refused() -> None:
    facts = fresh(IBAS)
    facts[SomeName("no_such_fact")] = facts.pop("invoice_amount")
    try:
        found = everything(ask(IBAS, facts))
    except FactsError as error:
        codes = {each.code for each in error.diagnostics}
    else:
        assert found == expected(IBAS)
        codes = {"input.unknown-fact"}
    assert codes == {"input.unknown-fact"}


class Pretender:
    """Says that it is a dict."""

    @property  # type: ignore[misc] # a lie
    def __class__(self) -> type:
        return dict


NO_FACTS: Mapping[str, Callable[[], object]] = {
    "generator": lambda: ((name, value) for name, value in fresh(KASPERSKY).items()),
    "items": lambda: fresh(KASPERSKY).items(),
    "list": lambda: [*fresh(KASPERSKY).items()],
    "number": lambda: 1,
    "none": lambda: None,
    "type": lambda: dict,
    "pretender": Pretender,
    "generator-in-list": lambda: {"acceptances": (each for each in "ab")},
    "generator-as-entry": lambda: {"acceptances": [(each for each in "ab")]},
    "set": lambda: {"acceptances": {1, 2}},
    "hostile": lambda: {"released_on": type("Hostile", (), TRAPS)()},
    "hostile-as-list": lambda: {"acceptances": type("Hostile", (), TRAPS)()},
}


@pytest.mark.parametrize("make", NO_FACTS.values(), ids=NO_FACTS)
def test_what_is_no_plain_value_is_refused_by_name(make: Callable[[], object]) -> None:
    loaded = policies(KASPERSKY)
    for of in (loaded.evaluate, loaded.decide):
        given = make()
        if type(given) is dict:
            given = {**fresh(KASPERSKY), **given}
        ARMED.append(True)
        try:
            with pytest.raises(FactsError) as caught:
                of(KASPERSKY, cast(Any, given), asked_on=ASKED_ON)
        finally:
            ARMED.clear()
        assert {each.code for each in caught.value.diagnostics} == {"input.type"}


# ------------------------------------------------------------------------------- meanwhile


def test_facts_that_another_thread_changes_are_answered_about_as_they_were_at_some_moment() -> None:
    facts = fresh(KASPERSKY)
    [entry] = facts["acceptances"]
    records = set()
    for authorised in (True, False):
        records.add(ask(KASPERSKY, _with(authorised)).to_record())
    assert len(records) == 2
    done = threading.Event()

    def change() -> None:
        number = 0
        while not done.wait(0.0001):
            number += 1
            entry["authorised"] = number % 2 == 0
            facts["acceptances"].append(entry)
            del facts["acceptances"][1:]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(15):
            evaluation = ask(KASPERSKY, facts)
            record = evaluation.to_record()
            assert record in records
    finally:
        done.set()
        thread.join()
        sys.setswitchinterval(interval)


def _with(authorised: bool) -> dict[str, Any]:
    facts = fresh(KASPERSKY)
    facts["acceptances"][0]["authorised"] = authorised
    return facts
