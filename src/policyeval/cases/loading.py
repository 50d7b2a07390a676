"""Reads a file of golden cases: strictly, every problem at once, each with its place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from policyeval.cases.model import Case, Cases, Exempted, Expectation, Expected, Given
from policyeval.diagnostics import did_you_mean
from policyeval.evaluation.model import Verdict
from policyeval.messages import LANGUAGES, message
from policyeval.policy import addresses, yaml
from policyeval.policy.loading import texts
from policyeval.policy.loading.reader import Reader
from policyeval.policy.problems import Problems
from policyeval.policy.schema import check_structure
from policyeval.policy.yaml import Entry, Node, Scalar, is_null
from policyeval.source import Span

_VERDICTS = frozenset(Verdict)


def load_cases(raw: bytes, name: str) -> Cases:
    """Read the cases of a file.

    Args:
        raw: Its bytes.
        name: What problems call it.

    Raises:
        PolicyError: The file cannot be used; it holds every problem.
    """
    document = yaml.read(raw, name)
    problems = Problems(document.source)
    structure = Problems(document.source)
    check_structure(document, "cases", structure)
    empty = tuple(_not_filled_in(document.root))
    for node in empty:
        problems.report(
            "schema.type",
            message("it is not filled in what the answer must be"),
            node.span,
            message("write the verdict, such as `YES`, or the value"),
        )
    places = {each.span.start for each in empty}
    problems.add(each for each in structure.found if each.span.start not in places)
    problems.refuse()
    cases = _Reader(problems).whole(document.root)
    problems.refuse()
    return cases


def _not_filled_in(root: Node) -> Iterator[Node]:
    """Give the empty places where a case should say what is expected, in a tree of any shape."""
    cases = _under(root, "cases")
    for case in cases.items if isinstance(cases, yaml.Sequence) else ():
        expect = _under(case, "expect")
        for entry in expect.entries if isinstance(expect, yaml.Mapping) else ():
            verdict = _under(entry.value, "verdict")
            for node in (entry.value, verdict):
                if isinstance(node, Scalar) and node.style == "plain" and not node.text:
                    yield node


def _under(node: Node, key: str) -> Node | None:
    entry = yaml.find(node, key) if isinstance(node, yaml.Mapping) else None
    return None if entry is None else entry.value


@dataclass(frozen=True, slots=True)
class _Base:
    """What a case starts from; `places` says where each fact and each overlay stands."""

    asked_on: date | None
    known_on: date | None
    overlays: tuple[str, ...]
    facts: Mapping[str, object]
    places: Mapping[str, Span]


_NOTHING = _Base(None, None, (), {}, {})


class _Reader:
    """Reads a document that has the structure of a file of cases."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def whole(self, root: Node) -> Cases:
        top = self._entries(root)
        bases = {"": self._base(top["base"], _NOTHING) if "base" in top else _NOTHING}
        for name, node in self._entries(top["bases"]).items() if "bases" in top else ():
            bases[name] = self._base(node, bases[""])
        read = (self._case(node, bases) for node in self._items(top["cases"]))
        cases = tuple(each for each in read if each is not None)
        self._refuse_doubles(cases)
        exempted = self._items(top["exceptions"]) if "exceptions" in top else ()
        exceptions = tuple(each for each in map(self._exempted, exempted) if each is not None)
        named = top["programme"]
        return Cases(self._text(named), cases, self.problems.source, named.span, exceptions)

    def _exempted(self, node: Node) -> Exempted | None:
        given = self._entries(node)
        at, what = given["at"], given["what"]
        address = addresses.read(self._text(at))
        if address is None:
            self.problems.report(
                "schema.format",
                message("`{text}` is not written as an address is", text=self._text(at)[:200]),
                at.span,
                message(
                    "an address has the keys that lead to a part, with points between them: "
                    "`decisions.fee_payable.requires.identified.that`"
                ),
            )
        if not self._text(what).strip():
            self.problems.report("schema.format", message("nothing is written here"), what.span)
        reader = Reader(self.problems, LANGUAGES)
        because = texts.text(reader, given["because"])
        reader.tell_shape()
        if address is None or because is None:
            return None
        written = {
            language: "".join(
                part if isinstance(part, str) else f"{{{part.name}}}" for part in parts
            )
            for language, parts in because.parts.items()
        }
        return Exempted(address, " ".join(self._text(what).split()), written, (at.span, what.span))

    def _refuse_doubles(self, cases: Iterable[Case]) -> None:
        seen: dict[str, Case] = {}
        for case in cases:
            first = seen.setdefault(case.id, case)
            if first is not case:
                line = self.problems.source.position(first.span.start).line
                self.problems.report(
                    "cases.duplicate-id",
                    message(
                        "there are two cases `{id}`: here and in line {line}", id=case.id, line=line
                    ),
                    case.span,
                    message("give each case a name of its own"),
                )

    def _base(self, node: Node, under: _Base) -> _Base:
        given = self._entries(node)
        facts, places = self._facts(given, under)
        overlays = under.overlays
        if "overlays" in given:
            items = self._items(given["overlays"])
            overlays = tuple(map(self._text, items))
            places.update({self._text(each): each.span for each in items})
        return _Base(
            self._day(given["asked_on"]) if "asked_on" in given else under.asked_on,
            self._day(given["known_on"]) if "known_on" in given else under.known_on,
            overlays,
            facts,
            places,
        )

    def _facts(
        self, given: Mapping[str, Node], under: _Base
    ) -> tuple[dict[str, object], dict[str, Span]]:
        facts, places = {**under.facts}, {**under.places}
        if "facts" in given:
            for entry in self._pairs(given["facts"]):
                facts[entry.key.text] = _plain(entry.value)
                places[entry.key.text] = entry.key.span
        for each in self._items(given["without"]) if "without" in given else ():
            name = self._text(each)
            if name not in facts:
                self.problems.report(
                    "cases.unknown",
                    message("`{name}` is no fact of the base", name=name),
                    each.span,
                    did_you_mean(name, facts),
                )
            facts.pop(name, None)
        return facts, places

    def _case(self, node: Node, bases: Mapping[str, _Base]) -> Case | None:
        given = self._entries(node)
        name = self._text(given["base"]) if "base" in given else ""
        if name not in bases:
            self.problems.report(
                "cases.unknown",
                message("there is no base `{name}`", name=name),
                given["base"].span,
                did_you_mean(name, bases),
            )
            return None
        base = self._base(node, bases[name])
        id_ = self._text(given["id"])
        if base.asked_on is None:
            if "asked_on" not in given:  # otherwise it is there, and wrong
                self.problems.report(
                    "cases.asked-on",
                    message("the case `{id}` does not say on which day it is asked", id=id_),
                    given["id"].span,
                    message("give `asked_on` in the case or in its base"),
                )
            return None
        expect = self._pairs(given["expect"]) if "expect" in given else ()
        return Case(
            id=id_,
            note=self._text(given["note"]) if "note" in given else None,
            asked_on=base.asked_on,
            known_on=base.known_on,
            overlays=base.overlays,
            facts=base.facts,
            expect=tuple(map(self._expectation, expect)),
            presumed=self._list(given.get("presumed")),
            refused=self._list(given.get("refused")),
            span=given["id"].span,
            places=base.places,
        )

    def _expectation(self, entry: Entry) -> Expectation:
        decision, node = entry.key.text, entry.value
        if not isinstance(node, yaml.Mapping):
            short = Expected(_plain(node), node.span)
            if isinstance(node, Scalar) and node.text in _VERDICTS:
                return Expectation(decision, verdict=short, span=entry.key.span)
            return Expectation(decision, value=short, span=entry.key.span)
        given = self._entries(node)
        until = given.get("until")
        verdict = given.get("verdict")
        value = given.get("value")
        return Expectation(
            decision,
            verdict=None if verdict is None else Expected(self._text(verdict), verdict.span),
            value=None if value is None else Expected(_plain(value), value.span),
            clauses=self._list(given.get("clauses")),
            rules=self._list(given.get("rules")),
            open_points=self._list(given.get("open")),
            further=self._list(given.get("further")),
            until=None if until is None else Expected(self._day_or_none(until), until.span),
            remarks=self._list(given.get("remarks")),
            no_remarks=self._list(given.get("no_remarks")),
            gives=tuple(self._gives(given["gives"])) if "gives" in given else (),
            span=entry.key.span,
        )

    def _gives(self, node: Node) -> Iterator[Given]:
        for point in self._pairs(node):
            for each in self._pairs(point.value):
                expected = Expected(_plain(each.value), each.value.span)
                yield Given(point.key.text, each.key.text, expected, point.key.span)

    # ------------------------------------------------------------ nodes

    def _pairs(self, node: Node) -> tuple[Entry, ...]:
        found = yaml.mapping(node, self.problems)
        return () if found is None else found.entries

    def _entries(self, node: Node) -> dict[str, Node]:
        return {each.key.text: each.value for each in self._pairs(node)}

    def _items(self, node: Node) -> tuple[Node, ...]:
        found = yaml.sequence(node, self.problems)
        return () if found is None else tuple(found.items)

    def _text(self, node: Node) -> str:
        return yaml.text(node, self.problems) or ""

    def _list(self, node: Node | None) -> Expected | None:
        if node is None:
            return None
        items = self._items(node)
        return Expected(
            tuple(map(self._text, items)), node.span, tuple(each.span for each in items)
        )

    def _day_or_none(self, node: Node) -> date | None:
        return None if is_null(node) else self._day(node)

    def _day(self, node: Node) -> date | None:
        written = self._text(node)
        if (day := written_day(written)) is not None:
            return day
        self.problems.report(
            "schema.format",
            message("`{text}` is no day", text=written),
            node.span,
            HOW_A_DAY_IS_WRITTEN,
        )
        return None


HOW_A_DAY_IS_WRITTEN = message("write a day as year, month and day: `2024-07-01`")

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def written_day(text: str) -> date | None:
    """Read a day written as `2024-07-01`; None for everything else, other forms of ISO 8601 too."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _plain(node: Node) -> object:
    """Give a fact as a caller would: texts stay texts; only `true`, `false` and `null` are words."""
    match node:
        case yaml.Mapping(entries):
            return {each.key.text: _plain(each.value) for each in entries}
        case yaml.Sequence(items):
            return [_plain(each) for each in items]
        case Scalar() if is_null(node):
            return None
        case Scalar(text="true" | "false" as text, style="plain"):
            return text == "true"
        case Scalar(text=text):
            return text
