"""Generated policies with their facts, and what they come to by trying every world one by one.

The formulas are made as trees of their own, which are written as text for the policy and run here by a
few lines of Python. What decisions come to follows from the definition alone: fix the unknown facts,
the readings and the acts in one way and look over all futures, and so on outwards.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import strategies as st

from policyeval.evaluation.model import Outcome, Verdict
from policyeval.facts.model import NEVER, NOT_YET, Between, Environment, OneOf, Open
from policyeval.feel.temporal import add_months
from policyeval.policy.terms import Terms
from tests.backends import small_policies

ASKED_ON = date(2024, 2, 27)
WINDOW = 40
"""So many days are looked at of an event that may happen at any time; what is compared is nearer."""

MOST_WORLDS = 2_500

Tree = tuple[Any, ...]
Kinds = ("fact", "reading", "act", "event")
VERDICTS = {
    "fact": Verdict.UNKNOWN,
    "reading": Verdict.OPEN,
    "act": Verdict.DISCRETION,
    "event": Verdict.PENDING,
}


# ---------------------------------------------------------------------- formulas


def text(tree: Tree) -> str:
    """Write a formula."""
    match tree:
        case ("name", name):
            return str(name)
        case ("day", day):
            return f'date("{day}")'
        case ("text", value):
            return f'"{value}"'
        case ("number", value):
            return str(value) if value >= 0 else f"(-{-value})"
        case ("truth", value):
            return "true" if value else "false"
        case ("days", tree, days):
            sign = "+" if days >= 0 else "-"
            return f'({text(tree)} {sign} duration("P{abs(days)}D"))'
        case ("months", tree, months):
            return f'({text(tree)} + duration("P{months}M"))'
        case ("part", tree, name):
            return f"{text(tree)}.{name}"
        case ("is", name, value):
            return f'{name} = "{value}"'
        case ("never", name):
            return f"{name} = null"
        case ("happened", name):
            return f"happened({name})"
        case ("given", name, tree):
            return f"({name} != null and {text(tree)})"
        case ("not", tree):
            return f"not({text(tree)})"
        case ("if", condition, one, other):
            return f"(if {text(condition)} then {text(one)} else {text(other)})"
        case ("between", tree, low, high):
            return f"({text(tree)} between {text(low)} and {text(high)})"
        case ("max", *trees):
            return f"max({', '.join(map(text, trees))})"
        case (operator, left, right):
            return f"({text(left)} {operator} {text(right)})"
        case _:
            raise AssertionError(tree)


def run(tree: Tree, world: Mapping[str, Any]) -> Any:
    """Run a formula in one world."""
    match tree:
        case ("name", name):
            return world[name]
        case ("day", value) | ("text", value) | ("truth", value):
            return value
        case ("number", value):
            return Decimal(value)
        case ("days", tree, days):
            day = run(tree, world)
            return NEVER if day is NEVER else day + timedelta(days)
        case ("months", tree, months):
            day = run(tree, world)
            return NEVER if day is NEVER else add_months(day, months)
        case ("part", tree, name):
            day = run(tree, world)
            return NEVER if day is NEVER else Decimal(getattr(day, name))
        case ("is", name, value):
            return world[name] == value
        case ("never", name):
            return world[name] is NEVER
        case ("happened", name):
            return world[f"happened({name})"]
        case ("given", name, tree):
            return world[name] is not None and run(tree, world)
        case ("not", tree):
            return not run(tree, world)
        case ("if", condition, one, other):
            return run(one if run(condition, world) else other, world)
        case ("between", tree, low, high):
            value = run(tree, world)
            return compare(">=", value, run(low, world)) and compare("<=", value, run(high, world))
        case ("max", *trees):
            best, *others = [run(each, world) for each in trees]
            for each in others:
                best = each if compare(">", each, best) else best
            return best
        case ("and", left, right):
            return run(left, world) and run(right, world)
        case ("or", left, right):
            return run(left, world) or run(right, world)
        case (("+" | "*") as operator, left, right):
            one, other = run(left, world), run(right, world)
            if one is NEVER or other is NEVER:
                return NEVER
            return one + other if operator == "+" else one * other
        case (operator, left, right):
            return compare(operator, run(left, world), run(right, world))
        case _:
            raise AssertionError(tree)


def compare(operator: str, left: Any, right: Any) -> bool:
    """Compare, where never is after everything."""
    if left is NEVER or right is NEVER:
        left, right = left is NEVER, right is NEVER
    holds = {
        "=": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[operator]
    return bool(holds)


# ---------------------------------------------------------------------- policies


@dataclass(frozen=True)
class Generated:
    """A policy with facts, of which some are open.

    Attributes:
        values: Fact to what it is: a value, or `Open`.
        slots: Place to a tree, or a reading and a tree for each option.
        layout: How the decision is made of the slots.
    """

    facts: Mapping[str, Mapping[str, Any]]
    values: Mapping[str, Any]
    readings: Mapping[str, tuple[str, ...]]
    open_when: Tree | None
    requires: tuple[Any, ...]
    excluded_if: tuple[Any, ...]
    value: Any
    covers: Tree | None
    consistent: Tree | None
    aux: Tree | None
    type: str = "boolean"
    environment: Environment = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "environment", Environment(ASKED_ON, self.values))

    def terms(self) -> Terms:
        """Write the policy and load it."""
        decision: dict[str, Any] = {"type": self.type}
        if self.value is not None:
            decision["value"] = _written(self.value)
        else:
            decision["requires"] = {f"r{n}": _written(e) for n, e in enumerate(self.requires)}
            if self.excluded_if:
                decision["excluded_if"] = {
                    f"x{n}": _written(e) for n, e in enumerate(self.excluded_if)
                }
        if self.covers is not None:
            decision["covers"] = text(self.covers)
        decisions: dict[str, Any] = {"asked": decision}
        if self.aux is not None:
            decisions["aux"] = {"type": "date", "value": text(self.aux)}
        # Whatever no other formula uses is used here, so that nothing is left over.
        every = [
            *(f"{name} = null" for name, each in self.facts.items() if each.get("event")),
            *(f"{name} != null" for name, each in self.facts.items() if not each.get("event")),
            *(["aux > asked_on"] if self.aux is not None else []),
        ]
        unused: Any = " or ".join(every)
        for name, options in self.readings.items():
            unused = {"by": name, **dict.fromkeys(options, unused)}
        decisions["other"] = {"value": unused}
        return small_policies.terms(
            self.facts,
            decisions,
            readings=self.readings,
            consistent_when=None if self.consistent is None else {"c": text(self.consistent)},
        )


def _written(slot: Any) -> Any:
    if isinstance(slot, dict):
        return {"by": slot["by"], **{n: text(e) for n, e in slot.items() if n != "by"}}
    return text(slot)


# ---------------------------------------------------------------------- every world

Coordinate = tuple[str, str]
"""Kind and name of an open point."""


class Brute:
    """What a generated policy comes to, by trying every world."""

    def __init__(self, generated: Generated) -> None:
        self.generated = generated
        self.choices: dict[Coordinate, list[Any]] = {}
        for name, value in generated.values.items():
            if isinstance(value, Open):
                self._open(name, value)
        for name, options in generated.readings.items():
            self.choices["reading", name] = list(options)
        self.worlds: dict[tuple[Any, ...], Hashable] = {}
        self.coordinates = sorted(self.choices, key=lambda each: Kinds.index(each[0]))
        for point in product(*(self.choices[each] for each in self.coordinates)):
            result = self._result(dict(zip(self.coordinates, point, strict=True)))
            if result is not None:
                self.worlds[point] = result
        self.bounds = [
            sum(each[0] in kinds for each in self.coordinates)
            for kinds in (("fact",), ("fact", "reading"), ("fact", "reading", "act"))
        ]

    @staticmethod
    def count(generated: Generated) -> int:
        """Count the worlds."""
        found = 1
        for value in generated.values.values():
            if isinstance(value, Open):
                found *= len(_values(value)) * (WINDOW if NOT_YET in _values(value) else 1)
        return int(found * 2 ** len(generated.readings))

    def _open(self, name: str, value: Open) -> None:
        values = _values(value)
        self.choices[value.kind, name] = values
        if NOT_YET in values:
            days = [ASKED_ON + timedelta(n) for n in range(WINDOW)]
            self.choices["event", name] = [*days, NEVER]

    def _result(self, chosen: Mapping[Coordinate, Any]) -> Hashable | None:
        """Give what the decision comes to in a world; None if the world is not possible."""
        world: dict[str, Any] = {"asked_on": ASKED_ON}
        acts: dict[str, Any] = {}
        for name, value in self.generated.values.items():
            happened = True
            if isinstance(value, Open):
                given = chosen[value.kind, name]
                if given is NOT_YET:
                    given = chosen["event", name]
                    happened = False
                happened = happened and value.kind != "event"
                if value.kind == "act":
                    acts[name] = given
                    given = None
                world[name] = given
            else:
                world[name] = value
            if self.generated.facts[name].get("event"):
                world[f"happened({name})"] = happened
        if self.generated.aux is not None:
            world["aux"] = run(self.generated.aux, world)
        if self.generated.open_when is None or run(self.generated.open_when, world):
            world.update(acts)
        if self.generated.consistent is not None and not run(self.generated.consistent, world):
            return None
        if self.generated.covers is not None and not run(self.generated.covers, world):
            return Verdict.NOT_COVERED
        if self.generated.value is not None:
            return ("value", self._slot(self.generated.value, world, chosen))
        met = all(self._slot(each, world, chosen) for each in self.generated.requires)
        unmet = any(self._slot(each, world, chosen) for each in self.generated.excluded_if)
        return ("value", met and not unmet)

    @staticmethod
    def _slot(slot: Any, world: Mapping[str, Any], chosen: Mapping[Coordinate, Any]) -> Any:
        if isinstance(slot, dict):
            slot = slot[chosen["reading", slot["by"]]]
        return run(slot, world)

    # ------------------------------------------------------------ the definition

    def statuses(
        self, worlds: Mapping[tuple[Any, ...], Hashable]
    ) -> dict[tuple[Any, ...], Hashable]:
        """Give what comes of all futures, for each way to fix facts, readings and acts."""
        return self._outwards(worlds, self.bounds[2], Verdict.PENDING)

    def verdict(self, worlds: Mapping[tuple[Any, ...], Hashable]) -> Hashable:
        """Give the verdict over some worlds."""
        found = self.statuses(worlds)
        found = self._outwards(found, self.bounds[1], Verdict.DISCRETION)
        found = self._outwards(found, self.bounds[0], Verdict.OPEN)
        found = self._outwards(found, 0, Verdict.UNKNOWN)
        return found[()]

    @staticmethod
    def _outwards(
        worlds: Mapping[tuple[Any, ...], Hashable], length: int, mixed: Verdict
    ) -> dict[tuple[Any, ...], Hashable]:
        groups: dict[tuple[Any, ...], set[Hashable]] = {}
        for point, result in worlds.items():
            groups.setdefault(point[:length], set()).add(result)
        return {p: mixed if len(each) > 1 else next(iter(each)) for p, each in groups.items()}

    def differing(self, table: Mapping[tuple[Any, ...], Hashable], index: int) -> bool:
        """Tell whether two points that differ in one coordinate alone have different values."""
        seen: dict[tuple[Any, ...], Hashable] = {}
        for point, value in table.items():
            if seen.setdefault((*point[:index], *point[index + 1 :]), value) != value:
                return True
        return False

    def points(self) -> tuple[dict[str, Coordinate], dict[str, Coordinate]]:
        """Give the points that matter, and those that matter only in some futures."""
        statuses = self.statuses(self.worlds)
        points: dict[str, Coordinate] = {}
        further: dict[str, Coordinate] = {}
        for index, coordinate in enumerate(self.coordinates):
            kind, name = coordinate
            if kind != "event" and self.differing(statuses, index):
                points.setdefault(name, coordinate)
            elif self.differing(self.worlds, index):
                (points if kind == "event" else further).setdefault(name, coordinate)
        return points, {n: e for n, e in further.items() if n not in points}

    def events_from(self, day: date, only: Coordinate | None = None) -> dict[Any, Hashable]:
        """Give the worlds in which no open event happens before a day."""
        events = [
            index
            for index, each in enumerate(self.coordinates)
            if each[0] == "event" and only in (None, each)
        ]
        return {
            point: result
            for point, result in self.worlds.items()
            if all(point[index] is NEVER or point[index] >= day for index in events)
        }

    def last_day(self) -> date:
        """Give the last day that is looked at."""
        days = [
            each
            for (kind, _), values in self.choices.items()
            if kind == "event"
            for each in values
            if each is not NEVER
        ]
        return max(days, default=ASKED_ON)

    def pending_until(self) -> date | None:
        """Give the last day from which on it is still pending; None also if there is no last one."""
        last = self.last_day()
        for back in range((last - ASKED_ON).days + 1):
            day = last - timedelta(back)
            worlds = self.events_from(day)
            if worlds and self.verdict(worlds) is Verdict.PENDING:
                return day
        return None

    def matters_until(self, coordinate: Coordinate) -> date:
        """Give the last day from which on an event still makes a difference."""
        index = self.coordinates.index(coordinate)
        last = self.last_day()
        for back in range((last - ASKED_ON).days + 1):
            day = last - timedelta(back)
            if self.differing(self.events_from(day, coordinate), index):
                return day
        raise AssertionError(coordinate)

    def gives(self, coordinate: Coordinate) -> dict[str, Outcome]:
        """Give what each value of a point gives."""
        index = self.coordinates.index(coordinate)
        found: dict[str, Outcome] = {}
        for value in self.choices[coordinate]:
            worlds = {p: r for p, r in self.worlds.items() if p[index] == value}
            if worlds:
                found[_named(value)] = outcome(self.verdict(worlds))
        return found


def outcome(result: Hashable) -> Outcome:
    """Give the outcome of a result or verdict."""
    if isinstance(result, Verdict):
        return Outcome(result)
    assert isinstance(result, tuple)
    value = result[1]
    if isinstance(value, bool):
        return Outcome(Verdict.YES if value else Verdict.NO, value)
    return Outcome(None, value)


def _named(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _values(value: Open) -> list[Any]:
    found: list[Any] = []
    for part in value.parts:
        if isinstance(part, OneOf):
            found += part.values
        elif isinstance(part, Between) and isinstance(part.low, date):
            assert isinstance(part.high, date)
            days = (part.high - part.low).days
            found += [part.low + timedelta(n) for n in range(days + 1)]
        elif isinstance(part, Between):
            assert isinstance(part.low, Decimal)
            assert isinstance(part.high, Decimal)
            unit = Decimal("0.000000000001")
            found += [part.low + n * unit for n in range(int((part.high - part.low) / unit) + 1)]
    return found


# ---------------------------------------------------------------------- strategies

_days = st.integers(-12, 14).map(lambda n: ASKED_ON + timedelta(n))
_OPERATORS = ("<", "<=", ">", ">=", "=", "!=")


@st.composite
def _names(draw: Any) -> dict[str, tuple[dict[str, Any], Any]]:
    """Draw facts, each with its declaration and what is given of it."""
    found: dict[str, tuple[dict[str, Any], Any]] = {}
    for name in ("b1", "b2"):
        value = draw(st.sampled_from((True, False, "open", "open", "absent")))
        if value != "absent":
            given = Open(name, "fact", (OneOf((True, False)),)) if value == "open" else value
            found[name] = ({"type": "boolean"}, given)
    if draw(st.booleans()):
        values = draw(
            st.lists(st.integers(-2, 4).map(Decimal), min_size=1, max_size=3, unique=True)
        )
        kind = draw(st.sampled_from(("known", "few", "near")))
        given = values[0]
        if kind == "few":
            given = Open("n1", "fact", (OneOf(tuple(values)),))
        elif kind == "near":
            unit = Decimal("0.000000000001")
            many = draw(st.sampled_from((2, 11)))
            given = Open("n1", "fact", (Between(values[0] - unit, values[0] + many * unit),))
        found["n1"] = ({"type": "number"}, given)
    if draw(st.booleans()):
        given = draw(st.sampled_from(("a", "b", Open("s1", "fact", (OneOf(("a", "b", "c")),)))))
        found["s1"] = ({"type": "string", "one_of": ["a", "b", "c"]}, given)
    if draw(st.booleans()):
        first, many = draw(_days), draw(st.sampled_from((0, 2, 12)))
        given = first
        if many:
            given = Open("d1", "fact", (Between(first, first + timedelta(many)),))
        found["d1"] = ({"type": "date"}, given)
    if draw(st.booleans()):
        first = draw(_days)
        nothing = Open("o1", "fact", (Between(first, first + timedelta(2)), OneOf((None,))))
        found["o1"] = ({"type": "date?"}, draw(st.sampled_from((first, None, nothing))))
    for name in ("e1", "e2"):
        kind = draw(st.sampled_from(("absent", "past", "open", "open", "long", "unknown")))
        if kind == "past":
            given = ASKED_ON - timedelta(draw(st.integers(0, 9)))
        elif kind in ("open", "long"):
            last = ASKED_ON + timedelta(3 if kind == "open" else 16)
            given = Open(name, "event", (Between(ASKED_ON, last), OneOf((NEVER,))))
        elif kind == "unknown":
            past = Between(ASKED_ON - timedelta(2), ASKED_ON)
            given = Open(name, "fact", (past, OneOf((NOT_YET,))))
        if kind != "absent":
            found[name] = ({"type": "date", "event": True}, given)
    if draw(st.booleans()):
        given = draw(st.sampled_from(("x", Open("a1", "act", (OneOf(("x", "y", None)),)))))
        found["a1"] = ({"type": "string", "one_of": ["x", "y"]}, given)
    return found


def _is_unbounded(value: Any) -> bool:
    return isinstance(value, Open) and NOT_YET in _values(value)


class _Formulas:
    """Draws formulas over facts."""

    def __init__(self, draw: Any, names: Mapping[str, Any], *, acts: bool, aux: bool) -> None:
        self.draw = draw
        self.names = [each for each in names if acts or each != "a1"]
        self.aux = aux
        # Parts of days come back for ever; those of an event that may lie beyond the window would too.
        self.near = [e for e in self.starting("e") if not _is_unbounded(names[e][1])]

    def some(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def starting(self, letters: str) -> list[str]:
        return [each for each in self.names if each[0] in letters]

    def condition(self, depth: int) -> Tree:
        kinds = ["dates", "dates"]
        if depth:
            kinds += ["and", "or", "not", "if", "and", "or"]
        kinds += ["b"] * 2 * bool(self.starting("b"))
        kinds += ["s"] * bool(self.starting("s"))
        kinds += ["a"] * 2 * bool(self.starting("a"))
        kinds += ["o"] * bool(self.starting("o"))
        kinds += ["n"] * bool(self.starting("n"))
        kinds += ["never", "happened"] * bool(self.starting("e"))
        kinds += ["part"] * bool(self.near)
        match self.some(*kinds):
            case ("and" | "or") as operator:
                return (operator, self.condition(depth - 1), self.condition(depth - 1))
            case "not":
                return ("not", self.condition(depth - 1))
            case "if":
                parts = (self.condition(depth - 1) for _ in range(3))
                return ("if", *parts)
            case "b":
                return ("name", self.some(*self.starting("b")))
            case "s":
                return ("is", "s1", self.some("a", "b", "c"))
            case "a":
                return ("is", "a1", self.some("x", "y"))
            case "o":
                return ("given", "o1", (self.some(*_OPERATORS), ("name", "o1"), self.day(1)))
            case "n":
                return (self.some(*_OPERATORS), self.number(1), self.number(1))
            case "part":
                part = ("part", ("name", self.some(*self.near)), self.some("day", "month"))
                return (self.some("<=", ">", "="), part, ("number", self.draw(st.integers(1, 30))))
            case ("never" | "happened") as kind:
                return (kind, self.some(*self.starting("e")))
            case _:
                if self.some(0, 0, 0, 1):
                    return ("between", self.day(1), self.day(0), self.day(0))
                return (self.some(*_OPERATORS), self.day(1), self.day(1))

    def day(self, depth: int) -> Tree:
        kinds = ["literal"]
        kinds += ["name"] * 4 * bool(self.starting("de"))
        kinds += ["aux"] * 2 * self.aux
        if depth:
            kinds += ["days", "months", "days", "max"]
        match self.some(*kinds):
            case "name":
                return ("name", self.some(*self.starting("de")))
            case "aux":
                return ("name", "aux")
            case "days":
                return ("days", self.day(depth - 1), self.draw(st.integers(-5, 5)))
            case "months":
                # Few days, so that all that changes is inside the window.
                return ("months", self.day(depth - 1), 1) if self.some(0, 1) else self.day(0)
            case "max":
                return ("max", self.day(depth - 1), self.day(depth - 1))
            case _:
                return ("day", self.draw(_days))

    def number(self, depth: int) -> Tree:
        if depth and self.some(0, 1):
            return (self.some("+", "*"), self.number(depth - 1), self.number(depth - 1))
        if self.starting("n") and self.some(0, 1, 1):
            return ("name", "n1")
        return ("number", self.draw(st.integers(-3, 5)))


@st.composite
def generated(draw: Any) -> Generated:
    """Draw a policy with facts."""
    names = draw(_names())
    if not names:
        names = {"b1": ({"type": "boolean"}, Open("b1", "fact", (OneOf((True, False)),)))}
    readings = {
        name: ("p", "q") for name in ("m1", "m2") if draw(st.sampled_from((False, False, True)))
    }
    plain = _Formulas(draw, names, acts=False, aux=False)
    aux = plain.day(1) if draw(st.booleans()) else None
    formulas = _Formulas(draw, names, acts=True, aux=aux is not None)
    open_when = None
    if "a1" in names:
        open_when = plain.condition(1) if draw(st.booleans()) else None
        act = {"open_when": text(open_when)} if open_when is not None else {}
        names["a1"][0]["act"] = act

    def slot(make: Any) -> Any:
        if readings and draw(st.booleans()):
            by = draw(st.sampled_from(sorted(readings)))
            return {"by": by, "p": make(), "q": make()}
        return make()

    def condition() -> Tree:
        return formulas.condition(2)

    requires: tuple[Any, ...] = ()
    excluded: tuple[Any, ...] = ()
    value = None
    type_ = draw(st.sampled_from(("rules", "rules", "boolean", "date")))
    if type_ == "rules":
        requires = tuple(slot(condition) for _ in range(draw(st.integers(1, 3))))
        excluded = tuple(slot(condition) for _ in range(draw(st.integers(0, 2))))
    elif type_ == "boolean":
        value = slot(condition)
    else:
        value = slot(lambda: formulas.day(1))
    return Generated(
        {name: declared for name, (declared, _) in names.items()},
        {name: given for name, (_, given) in names.items()},
        readings,
        open_when,
        requires,
        excluded,
        value,
        formulas.condition(1) if draw(st.sampled_from((False, False, False, True))) else None,
        formulas.condition(1) if draw(st.sampled_from((False, False, True))) else None,
        aux,
        "date" if type_ == "date" else "boolean",
    )


def completions(value: Open) -> Iterator[Any]:
    """Give what an open fact may turn out to be."""
    yield from _values(value)
