"""The words for what changes: kinds of parts, their keys, what is declared of them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from policyeval.analysis.difference.answers import Aspect
from policyeval.analysis.difference.model import ChangeKind
from policyeval.analysis.difference.naming import Plain
from policyeval.document.page import Page
from policyeval.document.phrasing import Block, flattened
from policyeval.evaluation import formatting
from policyeval.feel import syntax
from policyeval.messages import Message, message
from policyeval.policy.addresses import Address
from policyeval.policy.elements import Kind
from policyeval.policy.model import Choice, Formula, Slot


def change_word(kind: ChangeKind) -> Message:
    """Say what became of a part."""
    match kind:
        case "added":
            return message("new")
        case "removed":
            return message("gone")
        case "changed":
            return message("changed")
        case "renamed":
            return message("renamed or moved, with the same content")


def kind_word(kind: Kind) -> Message:
    """Name a kind of part."""
    return {
        "clause": message("clause"),
        "parameter": message("fixed value"),
        "fact": message("fact"),
        "entry": message("entry of a fact"),
        "reading": message("question of interpretation"),
        "option": message("way to read it"),
        "decision": message("question"),
        "coverage": message("scope"),
        "requirement": message("requirement"),
        "exclusion": message("exclusion"),
        "remark": message("remark"),
        "table": message("table"),
        "row": message("row of the table"),
        "consistency": message("what every transaction satisfies"),
        "overlay": message("statutory rule"),
    }[kind]


def section_word(section: str) -> Message:
    """Name a section of a version."""
    return {
        "clauses": message("clauses of the source"),
        "parameters": message("periods, amounts and other fixed values"),
        "facts": message("facts that are asked for"),
        "readings": message("readings and their state"),
        "decisions": message("questions, and how they are answered"),
        "consistent_when": message("what every transaction satisfies"),
        "remarks": message("said with every answer"),
        "overlays": message("statutory rules, off unless switched on"),
    }[section]


def key_word(key: str) -> Message | None:
    """Name a key of a part; None if it is no word of ours."""
    return {
        "gist": message("what it says"),
        "no_rule_because": message("why no rule cites it"),
        "label": message("name"),
        "meaning": message("meaning"),
        "question": message("question"),
        "because": message("reason given"),
        "otherwise": message("said where it is met"),
        "say": message("said beside it"),
        "title": message("title"),
        "value": message("computed as"),
        "that": message("holds if"),
        "when": message("applies if"),
        "open_when": message("open only if"),
        "then": message("result"),
        "values": message("allowed values"),
        "default": message("where no row applies"),
        "expression": message("what is tested"),
        "kind": message("kind"),
        "sha256": message("wording in the source"),
        "clause": message("clause"),
        "type": message("type"),
        "one_of": message("possible values"),
        "by": message("decided by"),
        "log": message("ordered by"),
        "presume": message("presumed"),
        "ambiguity": message("ambiguity"),
        "adopted": message("adopted"),
        "adopted by": message("adopted by"),
        "rejected": message("rejected by"),
        "favours": message("favours"),
        "format": message("shown as"),
        "computed": message("answered by"),
        "hit_policy": message("hit policy"),
        "aggregation": message("aggregation"),
        "outputs": message("result"),
        "order": message("order of the rows"),
        "settles": message("settles"),
        "moves": message("moves"),
        "calendar": message("calendar"),
    }.get(key)


def aspect_word(aspect: Aspect) -> Message:
    """Name what of an answer is otherwise."""
    return {
        "verdict": message("verdict"),
        "value": message("value"),
        "until": message("last day"),
        "rules": message("rules"),
        "clauses": message("clauses"),
        "open": message("open points"),
    }[aspect]


def frame_word(key: str) -> Message:
    """Name something of a version as a whole."""
    return {
        "in_force.from": message("in force from"),
        "in_force.until": message("in force until"),
        "known_from": message("known from"),
        "source.file": message("source"),
        "source.language": message("language of the source"),
        "source.sha256": message("SHA-256 of the source"),
    }[key]


def key_text(key: Address, page: Page) -> str:
    """Name what a text or a formula is in its part: `applies if`, `result, order_amount`."""
    head, *rest = key
    match head, rest:
        case "outputs" | "inputs", [column, last]:
            word = key_word(last)
            said = page.say(word) if word else last
            return f"{said} ({column})" if column else said
        case ("when", [column]) if column:
            return page.say(message("test of {column}", column=f"`{column}`"))
        case "adopted" | "rejected", ["because"]:
            return page.say(message("reason given"))
        case "one_of", [value]:
            return page.say(message("name of the value {value}", value=f"`{value}`"))
        case "act", ["open_when"]:
            return page.say(message("open only if"))
        case "source", ["title"]:
            return page.say(message("title of the source"))
        case _:
            pass
    word = key_word(head)
    said = page.say(word) if word else head
    options = [each for each in rest if each]
    return f"{said} ({', '.join(options)})" if options else said


# ------------------------------------------------------------------------------- what is declared


def plain_text(key: str, value: Plain, page: Page) -> str:
    """Write something declared; what is not there is a dash."""
    match value:
        case None:
            return NOTHING
        case bool():
            return page.say(message("yes") if value else message("no"))
        case str():
            return _word(key, value, page)
        case tuple():
            return ", ".join(value) or NOTHING
        case Mapping():
            return ", ".join(f"{name}: {each}" for name, each in value.items()) or NOTHING


NOTHING: Final = "–"


def _word(key: str, value: str, page: Page) -> str:
    if key in {"by", "favours"}:
        return page.words.party(value)
    if key == "sha256":
        return f"{value[:12]}…"
    word = _WORDS.get((key, value))
    return page.say(word) if word else value


_WORDS: Mapping[tuple[str, str], Message] = {
    ("kind", "constitutive"): message("constitutive"),
    ("kind", "condition"): message("condition"),
    ("kind", "exclusion"): message("exclusion"),
    ("kind", "deadline"): message("deadline"),
    ("kind", "payment"): message("payment"),
    ("kind", "duty"): message("duty"),
    ("kind", "discretion"): message("discretion"),
    ("kind", "information"): message("information"),
    ("kind", "incomplete"): message("incomplete"),
    ("kind", "plain"): message("a plain fact"),
    ("kind", "event"): message("an event that may still occur"),
    ("kind", "act"): message("a decision of a party"),
    ("kind", "log"): message("a record that may still grow"),
    ("computed", "value"): message("a formula"),
    ("computed", "table"): message("a table"),
    ("computed", "rules"): message("requirements and exclusions"),
    ("format", "money"): message("an amount of money"),
    ("format", "percent"): message("a percentage"),
}


def frame_text(key: str, value: Plain, page: Page) -> str:
    """Write something of the version as a whole."""
    if value is None:
        absent = {
            "in_force.from": message("since ever"),
            "in_force.until": message("until further notice"),
        }.get(key)
        return NOTHING if absent is None else page.say(absent)
    written = str(value)
    language = page.words.language
    if key.startswith("in_force"):
        return formatting.day(date.fromisoformat(written), language, long=True)
    if key == "known_from":
        known = datetime.fromisoformat(written)
        return formatting.moment(known, language, None, long=True)
    return written


# ------------------------------------------------------------------------------- formulas


def formula_code(slot: Slot) -> str:
    """Give a formula as it is written, or each way to read it on a line."""
    if isinstance(slot, Formula):
        return " ".join(slot.text.split())
    return "\n".join(f"{name}: {formula_code(each)}" for name, each in slot.options.items())


def formula_words(slot: Slot, page: Page, key: Address, column: Formula | None = None) -> str:
    """Say a formula in words, on as many lines as it takes."""
    if isinstance(slot, Choice):
        reading = page.reading(slot.reading)
        lines = [
            page.say(message("depending on how the text is read ({id}):", id=reading.ambiguity))
        ]
        for name, each in slot.options.items():
            said = formula_words(each, page, key, column)
            gist = page.text(reading.options[name].gist)
            lines += (
                [f"  {gist} → {said}"] if "\n" not in said else [f"  {gist} →", _deeper(said, 2)]
            )
        return "\n".join(lines)
    tree = slot.tree
    if isinstance(tree, syntax.UnaryTests):
        return _tests(slot, tree, page, column)
    if key[0] == "inputs":
        return page.phrasing(slot).term(tree)
    conditions = {"that", "when", "open_when"}
    said = _lines(page.said(slot, value=not conditions & {*key} or key[0] == "then"))
    return said or f"`{formula_code(slot)}`"


def _deeper(text: str, depth: int) -> str:
    return "\n".join("  " * depth + line for line in text.split("\n"))


def _lines(block: Block) -> str:
    return "\n".join("  " * depth + line for depth, line in flattened(block))


def _tests(cell: Formula, tree: syntax.UnaryTests, page: Page, column: Formula | None) -> str:
    if not tree.tests:
        return page.say(message("anything"))
    beside = syntax.Name("?") if column is None else column.tree
    said = page.phrasing(cell).tests(tree.tests, beside)
    return page.say(message("none of: {list}", list=said)) if tree.negated else said
