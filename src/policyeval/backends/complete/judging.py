"""A version's terms as a function of facts that may be open: what is certain of each question.

It is the code of `assembling`, but for this: what cannot be told of one rule is no hindrance to the
others, and what facts come to is read apart from what follows from it. So the same facts may be judged
again with something else in place of what is open.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import prod
from typing import Any

from policyeval.backends.complete.assembling import PLAIN, Assembler
from policyeval.backends.complete.given import ASKED_ON, FACTS, Manner
from policyeval.backends.complete.readings import Condition
from policyeval.backends.complete.standing import (
    LEFT_OUT,
    OPEN,
    NotForUsError,
    NotWrittenError,
    Surely,
)
from policyeval.backends.complete.task import Task
from policyeval.backends.complete.ways import TooManyWaysError
from policyeval.backends.python.moments import UndeterminedError
from policyeval.backends.python.units import Surroundings
from policyeval.facts.clock import Clock
from policyeval.feel import types
from policyeval.feel.compiler import make_function
from policyeval.feel.lowering.emit import (
    assign,
    both,
    compare,
    either,
    is_not,
    literal,
    load,
    tuple_,
)
from policyeval.policy.model import Decision, Fact

GROWS, TO_COME = "g", "w"
"""Variables of the function: whether logs may still grow; events that have not happened as of the day
asked on, whatever world it is."""

UNCLEAR = Surely()
"""Stands for what cannot be told."""

_MOST_WAYS = 4_096

_UNDETERMINED = (UndeterminedError, NotForUsError, UnboundLocalError, TypeError)
"""What tells that something cannot be told: None, for an event that has not happened, has no order."""

Values = tuple[Any, ...]
"""What facts come to: one for each, then the days of moments. None for an event that has not happened,
`OPEN` for an act that is not recorded, `LEFT_OUT` for a fact that is not known."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Terms for facts that may be open.

    Attributes:
        read: Facts and the day asked on to what they come to, or None where others have to read them.
        judge: The day asked on, whether logs may still grow, the events that have not happened as of
            that day, and what facts come to, to what is known of each question: None where it does not
            apply, `UNCLEAR` where that cannot be told; of one that rules answer, two words with a bit
            for each condition, those that fail and those that cannot be told; of another the values of
            all ways to read it, some of them `UNCLEAR`. Or to the place of an act that is open; or to
            None where there is no such transaction. It may also end, where others have to judge.
        places: Facts to their places among the values.
        days: Facts that are moments to the places of their days.
        ways: Questions that rules answer to the ways to read each condition: for the place of its bit
            a word with a bit for each way to read the text, and all of these.
    """

    read: Callable[[dict[str, Any], date], Values | None]
    judge: Callable[..., Any]
    places: Mapping[str, int]
    days: Mapping[str, int]
    ways: Mapping[str, tuple[Sequence[int], int]]


class _Judging(Assembler):
    shares = False  # where one ends, the other may not have been reached

    def __init__(self, around: Surroundings, clock: Clock, task: Task) -> None:
        super().__init__(around, clock, task)
        self.growth.only_if = GROWS
        self.events.remembers = False
        self.places: dict[str, list[Condition]] = {}

    def judge(self) -> Judge:
        """Write both functions."""
        with self.lowering.branch() as reading:
            self.reading.write()
        variables = [*self.reading.variables.values(), *self.reading.days.values()]
        reading.append(ast.Return(tuple_([load(each) for each in variables])))
        self.begin()
        results = [load(self.question(self.policy.decisions[name])) for name in self.questions]
        root = self.lowering.root
        root.block.append(ast.Return(tuple_(results)))
        self.with_runtime()
        judge = root.function("judge", [ASKED_ON, GROWS, TO_COME, *variables])
        read = ast.FunctionDef(
            "read",
            ast.arguments([], [ast.arg(FACTS), ast.arg(ASKED_ON)], None, [], [], None, []),
            reading,
            [],
        )
        places = {name: index for index, name in enumerate(self.reading.variables)}
        names = {variable: name for name, variable in self.reading.variables.items()}
        days = {
            names[moment]: variables.index(day)
            for moment, day in self.reading.days.items()
            if moment in names
        }
        reader: Callable[..., Any] = make_function(read, self.pool.values, self.file)
        return Judge(
            reader,
            make_function(judge, self.pool.values, self.file),
            places,
            days,
            {name: self.words(each) for name, each in self.places.items()},
        )

    def begin(self) -> None:
        """Write what comes before the questions."""
        for name, variable in self.reading.variables.items():
            self.known[name, ()] = variable
            self.emit(self.unknown(self.policy.facts[name], variable))
        for each in self.task.governed:
            self.picked(each)
        self.acts()
        self.consistency()
        self.shared()

    def give_up(self) -> list[ast.stmt]:
        """Write that others have to judge; None says that there is no such transaction."""
        return [ast.Raise(self.constant(NotForUsError), None)]

    def unknown(self, fact: Fact, variable: str) -> ast.stmt:
        """Write that what reads a fact that is not known ends there."""
        names = [variable]
        if types.required(fact.type) == types.DATE_AND_TIME:
            names.append(self.reading.days[variable])
        missing = compare(load(variable), ast.Is(), self.constant(LEFT_OUT))
        return ast.If(missing, [ast.Delete([ast.Name(each, ast.Del()) for each in names])], [])

    def happened(self, event: str) -> ast.expr:
        """Write whether an event has happened as of the day asked on."""
        given = is_not(load(self.reading.variables[event]), None)
        return both(given, compare(literal(event), ast.NotIn(), load(TO_COME)))

    def acts(self) -> None:
        """Write that the first act that is open is told."""
        for place, (name, variable) in enumerate(self.reading.variables.items()):
            act = self.policy.facts[name].act
            if act is None:
                continue
            with self.apart(), self.lowering.branch() as block:
                told: list[ast.stmt] = [ast.Return(literal(place))]
                if act.open_when is None:
                    self.emit(*told)
                else:
                    ways = self.ways.every(self.ways.readings_in(act.open_when))
                    is_open = [load(each) for each in self.distinct(act.open_when, ways)]
                    self.emit(ast.If(both(*is_open), told, []))
                    if len(is_open) > 1:
                        self.emit(ast.If(either(*is_open), self.give_up(), []))
                self.emit(assign(variable, literal(None)))
            self.emit(ast.If(compare(load(variable), ast.Is(), self.constant(OPEN)), block, []))

    def ended(
        self,
        block: list[ast.stmt],
        otherwise: ast.stmt,
        by: tuple[type[BaseException], ...] = _UNDETERMINED,
    ) -> ast.stmt:
        """Give a block that does something else where it cannot be told; what has no result ends all."""
        return super().ended(block, otherwise, by)

    def need_shared(self, name: str, way: Mapping[str, str]) -> None:
        """Compute what more than one question needs; if that ends, it is nothing to the others."""
        with self.region():
            self.need(name, way)

    def question(self, decision: Decision) -> str:
        """Compute what is certain of a question."""
        result = self.lowering.fresh("q")
        self.emit(assign(result, self.constant(UNCLEAR)))
        answer = self.rules if decision.value is None else self.value
        with self.region():
            if decision.covers is None:
                answer(decision, result)
                return result
            condition = decision.covers.condition
            ways = self.ways.every(self.ways.readings_in(condition))
            covered = [load(each) for each in self.distinct(condition, ways)]
            with self.apart(), self.lowering.branch() as block:
                answer(decision, result)
            outside: list[ast.stmt] = [assign(result, literal(None))]
            if len(covered) > 1:
                outside = [ast.If(either(*covered), [ast.Pass()], outside)]
            self.emit(ast.If(both(*covered), block, outside))
        return result

    def rules(self, decision: Decision, result: str) -> None:
        """Write two words: a bit for whatever fails, and one for whatever cannot be told."""
        fails, unclear = self.lowering.fresh("n"), self.lowering.fresh("u")
        self.emit(assign(fails, literal(0)), assign(unclear, literal(0)))
        conditions: list[Condition] = []
        bits = 0
        for rule, sign in (
            *((each, True) for each in decision.requires),
            *((each, False) for each in decision.excluded_if),
        ):
            places: dict[object, int] = {}
            found: list[tuple[Mapping[str, str], int]] = []
            for way in self.ways.every(self.ways.readings_in(rule.condition)):
                key = self.slot_key(rule.condition, way)
                if key not in places:
                    places[key] = bits
                    with self.lowering.branch() as block:
                        holds = self.condition(rule.condition, way)
                        self.set_bit(fails, bits, ast.UnaryOp(ast.Not(), holds) if sign else holds)
                    with self.lowering.branch() as otherwise:
                        self.set_bit(unclear, bits, literal(True))
                    if block:
                        self.emit(self.ended(block, otherwise[0]))
                    bits += 1
                found.append((way, places[key]))
            conditions.append(found)
        self.places[decision.name] = conditions
        self.emit(assign(result, tuple_([load(fails), load(unclear)])))

    def value(self, decision: Decision, result: str) -> None:
        """Write the values of all ways to read it, as far as they can be told."""
        if types.required(decision.type) not in PLAIN:
            return
        ways = self.ways.every(self.ways.readings_of(decision.name))
        found: dict[str, str] = {}
        for way in ways:
            held = self.lowering.fresh("x")
            with self.region():
                variable = self.settled(decision, self.need(decision.name, way))
                self.emit(assign(held, load(variable)))
            found.setdefault(variable, held)
        for held in found.values():
            unclear = assign(held, self.constant(UNCLEAR))
            self.lowering.frame.block.insert(0, unclear)
        self.emit(assign(result, tuple_([load(each) for each in found.values()])))

    def words(self, conditions: Sequence[Condition]) -> tuple[Sequence[int], int]:
        """Give for the place of each bit the ways to read the text in which it says something."""
        names = sorted({name for each in conditions for way, _ in each for name in way})
        options = [self.policy.readings[name].admissible for name in names]
        if prod(map(len, options)) > _MOST_WAYS:
            raise TooManyWaysError
        whole = [dict(zip(names, each, strict=True)) for each in product(*options)]
        count = 1 + max((place for each in conditions for _, place in each), default=-1)
        words = [0] * count
        for index, every in enumerate(whole):
            for condition in conditions:
                for way, place in condition:
                    if way.items() <= every.items():
                        words[place] |= 1 << index
        return words, (1 << len(whole)) - 1


def judge_of(around: Surroundings, clock: Clock, task: Task) -> Judge | None:
    """Write the functions that judge facts that may be open, or give None if they cannot be written.

    Args:
        around: The terms.
        clock: That of the programme's zone.
        task: The questions, and the days on which these terms govern.
    """
    try:
        return _Judging(around, clock, task._replace(manner=Manner(open=True))).judge()
    except (NotWrittenError, TooManyWaysError):
        return None
