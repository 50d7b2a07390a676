"""Suggested cases in writing: for people, for `cases.yaml`, for programs."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from policyeval.analysis.suggestion.model import Alike, Asking, Position, Suggestion
from policyeval.document.page import Page
from policyeval.document.phrasing import flattened
from policyeval.evaluation.naming import words
from policyeval.feel import syntax
from policyeval.messages import Message, message
from policyeval.policy.addresses import written

_PLAIN: Final = re.compile(r"[A-Za-z0-9_ÄÖÅäöåßéü][A-Za-z0-9_ÄÖÅäöåßéü ./+:-]*(?<![ :])")
_WORDS: Final = frozenset({"true", "false", "null", "~", ""})
_NARROW: Final = 100


def as_text(found: Sequence[Suggestion], alike: Sequence[Alike], language: str) -> str:
    """Write every edge with where it stands and what it says, and the cases below it."""
    parts = [
        "\n\n".join(part for part in (_edge(each, language), _cases([each], language)) if part)
        for each in found
    ]
    if alike:
        head = message("cannot be told apart, as far as was looked:").text(language)
        parts.append("\n".join([head, *(_line(each, language) for each in alike)]))
    return "\n\n".join(parts)


def as_yaml(found: Sequence[Suggestion], language: str) -> str:
    """Write the cases alone, by programme."""
    programmes = list(dict.fromkeys(each.version.policy.programme for each in found))
    parts = []
    for name in programmes:
        own = [each for each in found if each.version.policy.programme == name]
        head = f"  # {name}\n" if len(programmes) > 1 else ""
        parts.append(head + _cases(own, language))
    return "\n".join(parts)


def as_json(found: Sequence[Suggestion], alike: Sequence[Alike], language: str) -> str:
    """Write everything for programs."""
    data = {
        "suggestions": [
            {
                **_where(each, language),
                "unnoticed": list(each.unnoticed),
                "cases": [_case_data(case) for case in each.cases],
                "also": list(each.also),
            }
            for each in found
        ],
        "alike": [
            {
                **_where(each, language),
                "unnoticed": list(each.unnoticed),
                "in_force": each.in_force,
            }
            for each in alike
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


# ---------------------------------------------------------------------- where an edge stands


def _where(of: Suggestion | Alike, language: str) -> dict[str, object]:
    policy = of.version.policy
    at = policy.source.position(of.edge.span.start)
    return {
        "programme": policy.programme,
        "version": policy.version,
        "file": policy.source.name,
        "line": at.line,
        "column": at.column,
        "address": written(of.edge.place.key),
        "clauses": list(_clauses(of)),
        "formula": of.edge.text,
        "in_words": _in_words(of, language),
    }


def _clauses(of: Suggestion | Alike) -> tuple[str, ...]:
    element = of.edge.place.element
    if element.clauses or element.decision is None:
        return element.clauses
    return of.version.policy.decisions[element.decision].clauses


def _in_words(of: Suggestion | Alike, language: str) -> str:
    """Say the edge as the document says formulas."""
    formula, source, node = of.edge.place.formula, of.edge.place.source, of.edge.node
    page = Page(of.version, words(of.version, language))
    if source is not None and isinstance(formula.tree, syntax.UnaryTests):
        column = page.phrasing(source)
        said = column.tests(formula.tree.tests, source.tree)
        return f"{column.term(source.tree)}: {said}"
    phrasing = page.phrasing(formula)
    if isinstance(node, syntax.Comparison | syntax.Between | syntax.Conjunction | syntax.In):
        return " ".join(line for _, line in flattened(phrasing.condition(node)))
    return phrasing.term(node)


def _place(of: Suggestion | Alike) -> str:
    policy = of.version.policy
    at = policy.source.position(of.edge.span.start)
    return f"{policy.source.name}:{at.line}:{at.column}"


def _line(of: Alike, language: str) -> str:
    note = ""
    if not of.in_force:
        note = " " + message("(not in force, as the text is read)").text(language)
    return f"{_place(of)}: {of.edge.text}{note}"


def _edge(of: Suggestion, language: str) -> str:
    cited = words(of.version, language).clauses(_clauses(of))
    lines = [
        f"{_place(of)}: {of.edge.text}",
        f"   {written(of.edge.place.key)}{f' ({cited})' if cited else ''}",
        f"   {_in_words(of, language)}",
    ]
    lines += [
        "   " + message("no case would notice: {formula}", formula=f"`{each}`").text(language)
        for each in of.unnoticed
    ]
    if of.also:
        text = message("the cases above show it too: {cases}", cases=", ".join(of.also))
        lines.append("   " + text.text(language))
    return "\n".join(lines)


# ---------------------------------------------------------------------- cases


def _cases(found: Sequence[Suggestion], language: str) -> str:
    lines = [
        line
        for each in found
        for case in each.cases
        for line in _case(case, _note(each, case, language))
    ]
    return "\n".join(lines)


def _note(of: Suggestion, case: Asking, language: str) -> str:
    edge = _POSITIONS[case.position].text(language)
    cited = words(of.version, language).clauses(_clauses(of))
    head = f"{cited}: " if cited else ""
    return f"{head}{of.edge.text} ({edge})"


_POSITIONS: Final[Mapping[Position, Message]] = {
    "on": message("on the edge"),
    "before": message("just before the edge"),
    "after": message("just after the edge"),
    "computed": message("the day as it is computed"),
    "month-end": message("the month is too short for the day"),
    "first-second": message("the first second of a day"),
    "last-second": message("the last second of a day"),
    "first-day": message("the first day of the period"),
    "last-day": message("the last day of the period"),
}


def _case(case: Asking, note: str) -> Iterator[str]:
    yield f"  - id: {case.id}"
    yield f"    note: {_scalar(note)}"
    if case.base:
        yield f"    base: {case.base}"
    if case.asked_on is not None:
        yield f"    asked_on: {case.asked_on.isoformat()}"
    if case.overlays is not None:
        yield f"    overlays: [{', '.join(case.overlays)}]"
    if case.facts:
        facts = [f"{name}: {_value(value)}" for name, value in case.facts.items()]
        whole = f"    facts: {{{', '.join(facts)}}}"
        if len(whole) <= _NARROW:
            yield whole
        else:
            yield "    facts:"
            yield from (f"      {each}" for each in facts)
    if case.without:
        yield f"    without: [{', '.join(case.without)}]"
    yield "    expect:"
    yield f"      {case.decision}:"


def _value(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return f"{{{', '.join(f'{name}: {_value(each)}' for name, each in value.items())}}}"
        case _:
            return _scalar(str(value))


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and text not in _WORDS and ": " not in text:
        return text
    return json.dumps(text, ensure_ascii=False)


def _case_data(case: Asking) -> dict[str, object]:
    return {
        "id": case.id,
        "position": case.position,
        "base": case.base or None,
        "asked_on": None if case.asked_on is None else case.asked_on.isoformat(),
        "overlays": None if case.overlays is None else list(case.overlays),
        "facts": dict(case.facts),
        "without": list(case.without),
        "decision": case.decision,
    }
