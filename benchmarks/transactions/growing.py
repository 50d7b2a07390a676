"""How the cost of an answer grows with the number of rules: terms that are made up, of any size."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from time import process_time

from benchmarks.transactions.turns import taken
from policyeval import Program, load_policies

FLAGS, DAYS, AMOUNTS = 16, 8, 4
FROM, ASKED_ON = date(2024, 1, 1), date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Grown:
    """What terms of some size take.

    Attributes:
        microseconds: For a transaction whose verdict is read.
        compiled: CPU seconds from the file to the first answer.
    """

    rules: int
    microseconds: float
    compiled: float


def grown(counts: Sequence[int], rounds: int) -> list[Grown]:
    """Measure terms of several sizes, which take turns."""
    asked = _transactions(200)
    programs, compiled = [], []
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            place = Path(folder) / str(count)
            write(place, count)
            begun = process_time()
            program = load_policies(place).program("example-growing", on=FROM)
            _answer(program, asked[:1])
            compiled.append(process_time() - begun)
            programs.append(program)
    found = taken([partial(_answer, each, asked) for each in programs], rounds)
    return [
        Grown(count, found.median(index) / len(asked) * 1e6, compiled[index])
        for index, count in enumerate(counts)
    ]


def slope(found: Sequence[Grown]) -> float:
    """Say how many times as much a rule costs at the end as it does on the way there; 1 is linear."""
    first, last = found[0], found[-1]
    middle = found[len(found) // 2]
    small = (middle.microseconds - first.microseconds) / (middle.rules - first.rules)
    large = (last.microseconds - middle.microseconds) / (last.rules - middle.rules)
    return large / small


def _answer(program: Program, asked: Sequence[dict[str, object]]) -> None:
    for facts in asked:
        _ = program.evaluate(facts, asked_on=ASKED_ON)["payable"].verdict


def _transactions(count: int) -> list[dict[str, object]]:
    random = Random("growing")
    found = []
    for _ in range(count):
        facts: dict[str, object] = {f"flag_{each}": random.random() < 0.05 for each in range(FLAGS)}
        for each in range(DAYS):
            facts[f"day_{each}_on"] = FROM + timedelta(random.randint(0, 300))
        for each in range(AMOUNTS):
            facts[f"amount_{each}"] = Decimal(random.randint(1, 90_000)) / 100
        found.append(facts)
    return found


# ------------------------------------------------------------------------------- the terms


def write(folder: Path, rules: int) -> None:
    """Write a programme whose one decision has so many exclusions."""
    place = folder / "example-growing"
    place.mkdir(parents=True)
    (place / "programme.yaml").write_text(_PROGRAMME, encoding="utf-8")
    (place / "2024-01-01.yaml").write_text("\n".join(_version(rules)) + "\n", encoding="utf-8")


def _say(what: str) -> str:
    return f"{{sv: {what}, de: {what}, en: {what}}}"


def _version(rules: int) -> Iterator[str]:
    random = Random(f"growing/{rules}")
    yield _VERSION
    yield "facts:"
    kinds = [
        *((f"flag_{each}", "boolean") for each in range(FLAGS)),
        *((f"day_{each}_on", "date") for each in range(DAYS)),
        *((f"amount_{each}", "number") for each in range(AMOUNTS)),
    ]
    for name, kind in kinds:
        yield f'  {name}: {{type: {kind}, clause: "1", label: {_say(name)}}}'
    yield 'decisions:\n  payable:\n    type: boolean\n    clause: "1"'
    yield f"    question: {_say('payable')}\n    excluded_if:"
    for number in range(1, rules + 1):
        yield f'      - id: rule_{number}\n        clause: "1"'
        yield f"        when: {_condition(number, random)}\n        because: {_say('excluded')}"


def _condition(number: int, random: Random) -> str:
    flag, other = random.sample(range(FLAGS), 2)
    day, later = random.sample(range(DAYS), 2)
    amount = random.randrange(AMOUNTS)
    return (
        f"flag_{flag} and flag_{other} and amount_{amount} > {number}",
        f'day_{later}_on > day_{day}_on + duration("P{290 + number}D")',
        f"amount_{amount} > {900 + number} and not(flag_{flag})",
        f'day_{day}_on + duration("P{1 + number % 11}M") < day_{later}_on and flag_{flag}',
    )[number % 4]


_PROGRAMME = f"""\
format: 1
programme: example-growing
title: {_say("growing")}
zone: Europe/Stockholm
parties: {{vendor: {_say("vendor")}}}
governed_by:
  clause: "1"
  ambiguity: A1
  question: {_say("which")}
  options: {{asked: {{day: asked_on, gist: {_say("asked")}}}}}
  adopted: {{option: asked, by: authors, on: 2026-01-31, because: {_say("so")}}}
"""

_VERSION = f"""\
format: 1
programme: example-growing
version: "2024-01-01"
in_force: {{from: 2024-01-01}}
known_from: 2023-12-01
source: {{file: growing.en.txt, language: en, sha256: {"0" * 64}}}
clauses:
  "1": {{lines: [1], sha256: {"0" * 64}, kind: exclusion, gist: {_say("all")}}}"""
