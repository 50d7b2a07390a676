"""Reads a file of golden cases: strictly, every problem at once, each with its place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from policyeval.cases.model import Case, Cases, Expectation, Expected
from policyeval.diagnostics import did_you_mean
from policyeval.evaluation.model import Verdict
from policyeval.messages import message
from policyeval.policy import yaml
from policyeval.policy.problems import Problems
from policyeval.policy.schema import check_structure
from policyeval.policy.yaml import Node, Scalar, is_null

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
    check_structure(document, "cases", problems)
    problems.refuse()
    cases = _Reader(problems).whole(document.root)
    problems.refuse()
    return Cases(cases[0], cases[1], document.source)


@dataclass(frozen=True, slots=True)
class _Base:
    asked_on: date | None
    known_on: date | None
    overlays: tuple[str, ...]
    facts: Mapping[str, object]


_NOTHING = _Base(None, None, (), {})


class _Reader:
    """Reads a document that has the structure of a file of cases."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def whole(self, root: Node) -> tuple[str, tuple[Case, ...]]:
        top = self._entries(root)
        bases = {"": self._base(top["base"], _NOTHING) if "base" in top else _NOTHING}
        for name, node in self._entries(top["bases"]).items() if "bases" in top else ():
            bases[name] = self._base(node, bases[""])
        cases: list[Case] = []
        seen: dict[str, None] = {}
        for node in self._items(top["cases"]):
            case = self._case(node, bases)
            if case is None:
                continue
            if case.id in seen:
                self.problems.report(
                    "cases.duplicate-id",
                    message("there are two cases `{id}`", id=case.id),
                    case.span,
                    message("give each case a name of its own"),
                )
            seen[case.id] = None
            cases.append(case)
        return self._text(top["programme"]), tuple(cases)

    def _base(self, node: Node, under: _Base) -> _Base:
        given = self._entries(node)
        return _Base(
            self._day(given["asked_on"]) if "asked_on" in given else under.asked_on,
            self._day(given["known_on"]) if "known_on" in given else under.known_on,
            self._texts(given["overlays"]) if "overlays" in given else under.overlays,
            self._facts(given, under.facts),
        )

    def _facts(self, given: Mapping[str, Node], under: Mapping[str, object]) -> dict[str, object]:
        facts = {**under}
        for name, node in self._entries(given["facts"]).items() if "facts" in given else ():
            facts[name] = _plain(node)
        for each in self._items(given["without"]) if "without" in given else ():
            name = self._text(each)
            if name not in facts:
                self.problems.report(
                    "cases.without",
                    message("`{name}` is no fact of the base", name=name),
                    each.span,
                    did_you_mean(name, facts),
                )
            facts.pop(name, None)
        return facts

    def _case(self, node: Node, bases: Mapping[str, _Base]) -> Case | None:
        given = self._entries(node)
        name = self._text(given["base"]) if "base" in given else ""
        if name not in bases:
            self.problems.report(
                "cases.base",
                message("there is no base `{name}`", name=name),
                given["base"].span,
                did_you_mean(name, bases),
            )
            return None
        base = self._base(node, bases[name])
        id_ = self._text(given["id"])
        if base.asked_on is None:
            self.problems.report(
                "cases.asked-on",
                message("the case `{id}` does not say on which day it is asked", id=id_),
                given["id"].span,
                message("give `asked_on` in the case or in the base"),
            )
            return None
        expect = self._entries(given["expect"]) if "expect" in given else {}
        return Case(
            id=id_,
            note=self._text(given["note"]) if "note" in given else None,
            asked_on=base.asked_on,
            known_on=base.known_on,
            overlays=base.overlays,
            facts=base.facts,
            expect=tuple(self._expectation(each, value) for each, value in expect.items()),
            presumed=self._list(given.get("presumed")),
            refused=self._list(given.get("refused")),
            span=given["id"].span,
        )

    def _expectation(self, decision: str, node: Node) -> Expectation:
        if isinstance(node, Scalar):
            short = Expected(_plain(node), node.span)
            if short.value in _VERDICTS:
                return Expectation(decision, verdict=short, span=node.span)
            return Expectation(decision, value=short, span=node.span)
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
            span=node.span,
        )

    # ------------------------------------------------------------ nodes

    def _entries(self, node: Node) -> dict[str, Node]:
        found = yaml.mapping(node, self.problems)
        return {} if found is None else {each.key.text: each.value for each in found.entries}

    def _items(self, node: Node) -> Iterable[Node]:
        found = yaml.sequence(node, self.problems)
        return () if found is None else found.items

    def _text(self, node: Node) -> str:
        return yaml.text(node, self.problems) or ""

    def _texts(self, node: Node) -> tuple[str, ...]:
        return tuple(self._text(each) for each in self._items(node))

    def _list(self, node: Node | None) -> Expected | None:
        return None if node is None else Expected(self._texts(node), node.span)

    def _day_or_none(self, node: Node) -> date | None:
        return None if is_null(node) else self._day(node)

    def _day(self, node: Node) -> date | None:
        written = self._text(node)
        try:
            if len(written) == 10:
                return date.fromisoformat(written)
        except ValueError:
            pass
        self.problems.report(
            "schema.format",
            message("`{text}` is no day", text=written),
            node.span,
            message("write a day as year, month and day: `2024-07-01`"),
        )
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
