"""Programmes that are made up, as many as are wanted, each of about the size of the largest real one.

    python -m benchmarks.programmes FOLDER --count 200 --seed 1

Each has clauses, facts, readings, decisions, rules and texts in three languages, a source text whose
sentences are hashed, and golden cases that hold. The words say nothing; no two programmes share a
name of their own, a text or a day's distance but by chance. The same seed gives the same bytes.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

from policyeval.policy.clause_texts import clause_digest

VERSION = "2024-01-01"

CLAUSES = 35
QUESTIONS = 5
"""Questions of yes or no, each with exclusions that a golden case can make hold."""
FLAGS = 6
"""Exclusions of each question that hold where a fact is true; one more holds for a kind."""
REMARKS = 22
CASES = 250

_SAID = {
    "en": (
        "harbour lantern meadow ledger copper window orchard signal bridge cotton harvest island "
        "jacket kettle ladder marble needle ocean paper quarry ribbon saddle timber umbrella valley "
        "wagon yellow zinc anchor basket candle desert engine feather garden hammer"
    ),
    "sv": (
        "hamn lykta äng liggare koppar fönster trädgård tecken brygga bomull skörd holme "
        "jacka kittel stege marmor nål hav papper stenbrott band sadel timmer skärm dal "
        "vagn gul zink ankare korg ljus öken motor fjäder lund hammare"
    ),
    "de": (
        "Hafen Laterne Wiese Hauptbuch Kupfer Fenster Obstgarten Zeichen Brücke Baumwolle Ernte Insel "
        "Jacke Kessel Leiter Marmor Nadel Ozean Papier Steinbruch Band Sattel Holz Schirm Tal "
        "Wagen Gelb Zink Anker Korb Kerze Wüste Motor Feder Garten Hammer"
    ),
}
_WORDS = {language: words.split() for language, words in _SAID.items()}
_QUALITIES = (
    "big",
    "calm",
    "dark",
    "early",
    "fair",
    "glad",
    "high",
    "idle",
    "kind",
    "late",
    "mild",
    "new",
    "old",
    "plain",
    "quick",
    "rare",
)


@dataclass(frozen=True, slots=True)
class Made:
    """A programme: its name, its files by name, and the text that it claims to be written from."""

    name: str
    files: dict[str, str]
    source: str


def write(folder: Path, count: int, seed: int) -> Path:
    """Write programmes below `policies`, and their texts below `sources`; give the former."""
    policies, sources = folder / "policies", folder / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        made = programme(number, seed)
        (policies / made.name).mkdir(parents=True, exist_ok=True)
        for name, text in made.files.items():
            (policies / made.name / name).write_text(text, encoding="utf-8")
        (sources / f"{made.name}.en.txt").write_text(made.source, encoding="utf-8")
    return policies


def programme(number: int, seed: int) -> Made:
    """Make up one programme."""
    return _Maker(f"made-up-{number:03}", Random(f"{seed}/{number}")).made()


class _Maker:
    """Draws what a programme is made of; the parts refer to each other by what was drawn first."""

    def __init__(self, name: str, random: Random) -> None:
        self.name = name
        self.random = random
        names = [f"{quality}_{noun}" for quality in _QUALITIES for noun in _WORDS["en"]]
        random.shuffle(names)
        self.names: Iterator[str] = iter(names)
        self.clauses = [f"{1 + index // 7}.{1 + index % 7}" for index in range(CLAUSES)]
        self.cited = 0
        self.days = sorted(
            date(2024, 1, 1) + timedelta(each) for each in random.sample(range(1, 330), 6)
        )
        # Two days stay as they are, so that what compares them holds; four are changed by cases.
        self.fixed = [f"{next(self.names)}_on" for _ in range(2)]
        self.moving = [f"{next(self.names)}_on" for _ in range(4)]
        self.flags = [[next(self.names) for _ in range(FLAGS)] for _ in range(QUESTIONS)]
        self.kinds = [next(self.names) for _ in range(QUESTIONS)]
        self.amounts = [next(self.names) for _ in range(4)]
        self.labels = [next(self.names) for _ in range(2)]
        self.periods = [(next(self.names), random.randint(5, 900)) for _ in range(3)]
        self.rate = (next(self.names), f"0.{random.randint(1, 99):02}")
        self.readings = [next(self.names) for _ in range(26)]
        self.unread = iter(self.readings)
        self.helpers = [next(self.names) for _ in range(10)]
        self.dates = [f"{next(self.names)}_ends_on" for _ in range(6)]
        self.numbers = [next(self.names) for _ in range(4)]
        self.questions = [next(self.names) for _ in range(QUESTIONS)]
        self.rules = [[next(self.names) for _ in range(FLAGS + 1)] for _ in range(QUESTIONS)]
        self.rule_clauses: dict[str, str] = {}

    def made(self) -> Made:
        source = "".join(f"{each} {self.sentence('en', 16)}\n" for each in self.clauses)
        version = "\n".join(self.version(source)) + "\n"
        files = {
            "programme.yaml": "\n".join(self.programme()) + "\n",
            f"{VERSION}.yaml": version,
            "cases.yaml": "\n".join(self.cases()) + "\n",
        }
        return Made(self.name, files, source)

    # --------------------------------------------------------------------- words

    def sentence(self, language: str, words: int) -> str:
        chosen = " ".join(self.random.choices(_WORDS[language], k=words))
        return f"{chosen[0].upper()}{chosen[1:]}."

    def text(self, indent: int, words: int, more: str = "") -> Iterator[str]:
        """Say something in each language."""
        for language in ("sv", "de", "en"):
            length = self.random.randint(words - 3, words + 1)
            yield f"{' ' * indent}{language}: {self.sentence(language, length)[:-1]}{more}."

    def short(self) -> str:
        words = (
            f"{language}: {' '.join(self.random.choices(_WORDS[language], k=2))}"
            for language in _WORDS
        )
        return f"{{{', '.join(words)}}}"

    def clause(self) -> str:
        """Cite the next clause, so that each is cited."""
        self.cited += 1
        return self.clauses[(self.cited - 1) % CLAUSES]

    def holds(self) -> str:
        """Give a condition that holds in every case."""
        first, last = self.fixed
        amount = self.random.choice(self.amounts)
        return self.random.choice(
            [
                f"{first} <= {last}",
                f"{last} >= {first}",
                f"not({last} < {first})",
                f"{amount} >= 0",
                f"{first} < {last} + {self.random.choice(self.periods)[0]}",
            ]
        )

    def choice(self, indent: int, expressions: Sequence[str]) -> Iterator[str]:
        """Let the next reading decide between expressions that come to the same."""
        reading = next(self.unread)
        options = self.options(reading)
        every = [*expressions, f"if {self.holds()} then {expressions[0]} else {expressions[1]}"]
        yield f"{' ' * indent}by: {reading}"
        for option, expression in zip(options, every, strict=False):
            yield f"{' ' * indent}{option}: {expression}"

    def options(self, reading: str) -> list[str]:
        """Give the options that are not rejected: mostly two."""
        every = [f"{reading}_as_{each}" for each in ("written", "meant", "used")]
        return every if self.readings.index(reading) % 12 == 0 else every[:2]

    # --------------------------------------------------------------------- programme.yaml

    def programme(self) -> Iterator[str]:
        yield "format: 1"
        yield f"programme: {self.name}"
        yield f"title:\n{_block(self.text(2, 6))}"
        yield "zone: Europe/Stockholm\ncurrency: SEK"
        yield f"parties:\n  vendor: {self.short()}\n  partner: {self.short()}"
        yield f'governed_by:\n  clause: "{self.clauses[-1]}"\n  ambiguity: A99'
        yield f"  question:\n{_block(self.text(4, 9))}\n  options:"
        days = [*self.fixed, *self.moving[:2]]
        for index, day in enumerate(days):
            yield f"    option_{index}:\n      day: {day}\n      gist:\n{_block(self.text(8, 9))}"
        yield "  adopted:\n    option: option_0\n    by: authors\n    on: 2026-01-31"
        yield f"    because:\n{_block(self.text(6, 26))}"
        yield "limits:"
        for _ in range(5):
            sv, *others = self.text(4, 28)
            yield f"  - {sv.strip()}\n{_block(others)}"

    # --------------------------------------------------------------------- the version

    def version(self, source: str) -> Iterator[str]:
        yield "format: 1"
        yield f'programme: {self.name}\nversion: "{VERSION}"'
        yield "in_force: {from: 2024-01-01}\nknown_from: 2023-12-01T09:00:00"
        digest = sha256(source.encode()).hexdigest()
        yield f"source:\n  file: {self.name}.en.txt\n  language: en\n  sha256: {digest}"
        rules = "\n".join([*self.facts(), *self.decisions(), *self.around()])
        yield f"clauses:\n{_block(self.clauses_of(source))}"
        yield f"parameters:\n{_block(self.parameters())}"
        yield f"readings:\n{_block(self.readings_of())}"
        yield rules

    def clauses_of(self, source: str) -> Iterator[str]:
        kinds = ["condition", "exclusion", "deadline", "payment", "duty"]
        for index, each in enumerate(self.clauses):
            yield f'  "{each}":\n    lines: [{index + 1}]'
            yield f"    sha256: {clause_digest(source, [index + 1])}"
            yield f"    kind: {self.random.choice(kinds)}"
            yield f"    gist:\n{_block(self.text(6, 15))}"

    def parameters(self) -> Iterator[str]:
        values = [(name, f'duration("P{days}D")') for name, days in self.periods]
        for name, value in (*values, self.rate):
            yield f'  {name}:\n    value: {value}\n    clause: "{self.clause()}"\n    label: {self.short()}'

    def facts(self) -> Iterator[str]:
        yield "facts:"
        for each in (*self.fixed, *self.moving):
            yield from self.fact(each, "date", "    event: true")
        for each in (flag for group in self.flags for flag in group):
            yield from self.fact(each, "boolean", "    presume: false")
        for number, each in enumerate(self.kinds):
            labels = [f"      {kind}: {self.short()}" for kind in ("plain", "special", "other")]
            more = ["    one_of:", *labels]
            if number == 0:
                act = f'{{by: vendor, clause: "{self.clause()}", open_when: {self.flags[0][0]}}}'
                more += [f"    act: {act}", "    presume: plain"]
            yield from self.fact(each, "string", *more)
        for each in self.amounts:
            yield from self.fact(each, "number")
        for each in self.labels:
            yield from self.fact(each, "string?", "    presume: null")

    def fact(self, name: str, type_: str, *more: str) -> Iterator[str]:
        yield f"  {name}:\n    type: {type_}"
        yield from more
        if self.random.random() < 0.5:
            yield f'    clause: "{self.random.choice(self.clauses)}"'
        yield f"    label:\n{_block(self.text(6, 5))}"
        if self.random.random() < 0.6:
            yield f"    meaning:\n{_block(self.text(6, 12))}"

    def readings_of(self) -> Iterator[str]:
        for number, each in enumerate(self.readings):
            yield f'  {each}:\n    clause: "{self.random.choice(self.clauses)}"'
            yield f"    ambiguity: A{number + 1}\n    question:\n{_block(self.text(6, 10))}"
            yield "    options:"
            for option in self.options(each):
                party = self.random.choice(("partner", "vendor"))
                yield f"      {option}:\n        favours: {party}"
                yield f"        gist:\n{_block(self.text(10, 9))}"
            if number % 12 == 6:
                yield f"      {each}_otherwise:\n        gist:\n{_block(self.text(10, 9))}"
                yield "        rejected:\n          by: authors\n          on: 2026-01-31"
                yield f"          because:\n{_block(self.text(12, 13))}"
            adopted = self.random.choice(self.options(each))
            yield f"    adopted:\n      option: {adopted}\n      by: authors\n      on: 2026-01-31"
            yield f"      because:\n{_block(self.text(8, 15))}"

    def decisions(self) -> Iterator[str]:
        yield "decisions:"
        for index, name in enumerate(self.dates):
            event, (period, _) = self.moving[index % 4], self.periods[index % 3]
            yield from self.head(name, "date", asked=index < 3)
            ends = f"{event} + {period}"
            yield from self.either([ends, f"if {self.holds()} then {ends} else {event}"])
        for index, name in enumerate(self.numbers):
            amount, (rate, _) = self.amounts[index], self.rate
            yield from self.head(name, "number", asked=index < 2)
            share = f"round half up({amount} * {rate}, 2)"
            yield from self.either([share, f"if {self.holds()} then {share} else 0"])
        for index, name in enumerate(self.helpers):
            yield from self.head(name, "boolean", asked=False)
            if index < 4:
                kept = f"{self.moving[index]} <= {self.dates[index]}"
                yield from self.either([f"{kept} or {self.holds()}", self.holds()])
            else:
                yield f"    value: {self.holds()} and {self.holds()}"
        remarks = iter(range(REMARKS))
        for index, name in enumerate(self.questions):
            yield from self.question(index, name)
            yield "    remarks:"
            for _, number in zip(range(4), remarks, strict=False):
                yield from self.remark(number, 6)
        yield "remarks:"
        for number in remarks:
            yield from self.remark(number, 2)

    def head(self, name: str, type_: str, *, asked: bool) -> Iterator[str]:
        yield f'  {name}:\n    type: {type_}\n    clause: "{self.clause()}"'
        yield f"    {'question' if asked else 'label'}:\n{_block(self.text(6, 9 if asked else 5))}"

    def either(self, expressions: Sequence[str]) -> Iterator[str]:
        yield "    value:"
        yield from self.choice(6, expressions)

    def question(self, index: int, name: str) -> Iterator[str]:
        yield from self.head(name, "boolean", asked=True)
        yield f"    covers:\n      when: {self.holds()}\n      because:\n{_block(self.text(8, 10))}"
        yield "    requires:"
        helpers = self.helpers[2 * index : 2 * index + 2]
        numbers = [f"{self.numbers[index % 4]} >= 0"] if index < 3 else []
        for each in (*helpers, *numbers):
            yield f'      - id: {next(self.names)}\n        clause: ["{self.clause()}"]'
            yield f"        that: {each} and {self.holds()}"
            yield f"        because:\n{_block(self.text(10, 11))}"
            if self.random.random() < 0.5:
                yield f"        otherwise:\n{_block(self.text(10, 10))}"
        yield "    excluded_if:"
        conditions = [*self.flags[index], f'{self.kinds[index]} = "special"']
        for number, (rule, condition) in enumerate(zip(self.rules[index], conditions, strict=True)):
            self.rule_clauses[rule] = clause = self.clause()
            yield f'      - id: {rule}\n        clause: ["{clause}"]'
            if number < 2 or (number == 2 and index < 2):
                yield "        when:"
                yield from self.choice(10, [condition, f"{condition} and {self.holds()}"])
            else:
                yield f"        when: {condition} and {self.holds()}"
            shown = f" {{{self.random.choice(self.dates)}:long}}" if number % 3 == 0 else ""
            yield f"        because:\n{_block(self.text(10, 11, shown))}"

    def remark(self, number: int, indent: int) -> Iterator[str]:
        blank = " " * indent
        yield f'{blank}- id: {next(self.names)}\n{blank}  clause: ["{self.clause()}"]'
        if number < len(self.labels):
            condition = f"{self.labels[number]} != null"
        elif number < 2 + len(self.dates):
            condition = f"{self.dates[number - 2]} < {self.fixed[0]}"
        elif number < 8 + len(self.numbers):
            condition = f"{self.numbers[number - 8]} > {self.random.randint(2, 99999)}"
        else:
            condition = f"not({self.holds()})"
        yield f"{blank}  when: {condition}"
        yield f"{blank}  say:\n{_block(self.text(indent + 4, 15))}"

    def around(self) -> Iterator[str]:
        yield "consistent_when:"
        for _ in range(3):
            yield f'  - id: {next(self.names)}\n    clause: ["{self.clause()}"]'
            yield f"    that: {self.holds()}\n    because:\n{_block(self.text(6, 10))}"
        yield "overlays:"
        moved = ", ".join(self.dates[:2])
        yield f"  moving-days:\n    title: {self.short()}\n    calendar: SE\n    moves: [{moved}]"
        for reading in self.readings[:2]:
            yield f"  settling-{reading.replace('_', '-')}:\n    title: {self.short()}"
            yield f"    settles: {{{reading}: {self.options(reading)[0]}}}"

    # --------------------------------------------------------------------- golden cases

    def cases(self) -> Iterator[str]:
        yield f"format: 1\nprogramme: {self.name}\nbase:\n  asked_on: 2026-01-31\n  facts:"
        for each, day in zip((*self.fixed, *self.moving), self.days, strict=True):
            yield f"    {each}: {day}"
        for each in self.kinds:
            yield f"    {each}: plain"
        for each in self.amounts:
            yield f"    {each}: {self.random.randint(100, 99999)}"
        yield "cases:"
        for number in range(CASES):
            yield f"  - id: case-{number + 1}"
            yield f"    note: {self.sentence('en', 18)}"
            yield from self.a_day(number) if number % 3 == 2 else self.a_refusal(number)

    def a_day(self, number: int) -> Iterator[str]:
        """Move a day, and expect what is counted from it to move along."""
        index = number % 3
        day = date(2024, 6, 1) + timedelta(self.random.randint(0, 200))
        _, days = self.periods[index]
        yield f"    facts: {{{self.moving[index]}: {day}}}"
        yield "    expect:"
        yield f"      {self.dates[index]}: {day + timedelta(days)}"
        yield f"      {self.questions[number % QUESTIONS]}: {{verdict: YES, open: [], further: []}}"

    def a_refusal(self, number: int) -> Iterator[str]:
        """Let some exclusions of a question hold, and expect all of them, and no others."""
        index = number % QUESTIONS
        held = sorted(self.random.sample(range(FLAGS), self.random.randint(1, 3)))
        facts = [f"{self.flags[index][each]}: true" for each in held]
        rules = [self.rules[index][each] for each in held]
        clauses = [f'"{self.rule_clauses[each]}"' for each in rules]
        yield f"    facts: {{{', '.join(facts)}}}"
        yield "    expect:"
        yield f"      {self.questions[index]}:"
        yield f"        verdict: NO\n        clauses: [{', '.join(clauses)}]"
        yield f"        rules: [{', '.join(rules)}]"


def _block(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(write(options.folder, options.count, options.seed))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
