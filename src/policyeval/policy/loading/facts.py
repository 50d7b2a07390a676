"""The kinds of fact that a transaction has."""

from collections.abc import Iterable, Mapping

from policyeval.feel import types
from policyeval.feel.characters import normal
from policyeval.feel.types import Type
from policyeval.messages import message
from policyeval.policy import yaml
from policyeval.policy.loading import declared, texts
from policyeval.policy.loading.formulas import slot
from policyeval.policy.loading.presumptions import NOTHING, presumption
from policyeval.policy.loading.reader import Reader
from policyeval.policy.model import Act, Fact, FactKind, Text
from policyeval.policy.schema import words
from policyeval.policy.yaml import Entry, Node, Scalar


def event_names(entries: Iterable[Entry]) -> frozenset[str]:
    """Give the facts that are events, before any of them is read: formulas depend on it."""
    return frozenset(
        normal(each.key.text)
        for each in entries
        if isinstance(each.value, yaml.Mapping) and _is_event(each.value)
    )


def entry_names(entries: Iterable[Entry]) -> frozenset[str]:
    """Give the names of the entries that contexts among the facts have."""
    found: set[str] = set()
    for each in entries:
        given = yaml.find(each.value, "entries") if isinstance(each.value, yaml.Mapping) else None
        if given is not None and isinstance(given.value, yaml.Mapping):
            found |= {normal(entry.key.text) for entry in given.value.entries}
    return frozenset(found)


def fact(reader: Reader, given: Entry) -> Fact | None:
    """Read a fact."""
    node = reader.mapping(given.value)
    if node is None:
        return None
    named = reader.written(given.key, "name")
    written = reader.needed(node, "type", given.key)
    type_ = None if written is None else declared.fact_type(reader, written.value)
    label = texts.needed(reader, node, "label", given.key)
    entries = _entries(reader, node)
    act = _act(reader, node)
    kind = _kind(node)
    if type_ is not None:
        type_ = _full_type(type_, kind, entries)
        if _is_list_of_contexts(type_) and yaml.find(node, "entries") is None:
            words.missing(reader.problems, node, given.key, ["entries"])
    log = _log(reader, node, entries)
    one_of, labels = _one_of(reader, node)
    presume = yaml.find(node, "presume")
    # An event may be presumed never to happen, and an act not to have been decided.
    allowed = type_ and (types.optional(type_) if kind in {"event", "act"} else type_)
    presumed = (
        None
        if presume is None or allowed is None
        else presumption(reader, presume.value, allowed, one_of, entries)
    )
    meaning = texts.perhaps(reader, node, "meaning")
    clauses = reader.clauses(node)
    if type_ is None or label is None or not named:
        return None
    return Fact(
        name=normal(given.key.text),
        type=type_,
        kind=kind,
        label=label,
        one_of=one_of,
        act=act,
        log=log,
        entries=entries,
        presume=presumed,
        clauses=clauses,
        meaning=meaning,
        value_labels=labels,
        span=given.key.span,
    )


def _kind(node: yaml.Mapping) -> FactKind:
    if _is_event(node):
        return "event"
    if yaml.find(node, "act") is not None:
        return "act"
    return "log" if yaml.find(node, "log") is not None else "plain"


def _is_event(node: yaml.Mapping) -> bool:
    entry = yaml.find(node, "event")
    return entry is not None and isinstance(entry.value, Scalar) and entry.value.text == "true"


def _full_type(type_: Type, kind: FactKind, entries: Mapping[str, Fact]) -> Type:
    if _is_list_of_contexts(type_):
        list_ = types.ListOf(types.ContextOf({name: each.type for name, each in entries.items()}))
        optional = isinstance(type_, types.Optional) and kind != "log"
        type_ = types.optional(list_) if optional else list_
    if kind == "act":
        return types.optional(type_)
    return types.required(type_) if kind == "event" else type_


def _is_list_of_contexts(type_: Type) -> bool:
    base = types.required(type_)
    return isinstance(base, types.ListOf) and isinstance(base.item, types.ContextOf)


def _act(reader: Reader, node: yaml.Mapping) -> Act | None:
    entry = yaml.find(node, "act")
    given = reader.mapping(entry.value) if entry else None
    if entry is None or given is None:
        return None
    by = reader.needed_string(given, "by", "name", entry.key)
    reader.needed(given, "clause", entry.key)
    open_when = yaml.find(given, "open_when")
    condition = slot(reader, open_when.value, open_when.key) if open_when else None
    return None if by is None else Act(by, reader.clauses(given), condition)


def _log(reader: Reader, node: yaml.Mapping, entries: Mapping[str, Fact]) -> str | None:
    """Read which entry of a log holds the moment."""
    entry = yaml.find(node, "log")
    given = reader.mapping(entry.value) if entry else None
    by = reader.needed(given, "by", entry.key) if entry and given else None
    name = reader.string(by.value, "name") if by else None
    if by is None or name is None or not entries:
        return name
    if name not in entries:
        words.not_one_of(reader.problems, by.value, entries)
    elif entries[name].type not in (types.DATE, types.DATE_AND_TIME):
        words.together(
            reader.problems,
            words.place_of(by.value),
            message("`{name}` holds no moment", name=name),
            message("its type must be `date` or `date and time`"),
        )
    return name


def _entries(reader: Reader, node: yaml.Mapping) -> Mapping[str, Fact]:
    found = (_entry(reader, each) for each in reader.section(node, "entries"))
    return {each.name: each for each in found if each is not None}


def _entry(reader: Reader, given: Entry) -> Fact | None:
    """Read what each context of a list has under one name."""
    node = reader.mapping(given.value)
    if node is None:
        return None
    named = reader.written(given.key, "name")
    written = reader.needed(node, "type", given.key)
    type_ = None if written is None else declared.entry_type(reader, written.value)
    label = texts.needed(reader, node, "label", given.key)
    one_of, labels = _one_of(reader, node)
    presume = yaml.find(node, "presume")
    presumed = (
        None
        if presume is None or type_ is None
        else presumption(reader, presume.value, type_, one_of, NOTHING)
    )
    meaning = texts.perhaps(reader, node, "meaning")
    clauses = reader.clauses(node)
    if type_ is None or label is None or not named:
        return None
    return Fact(
        name=normal(given.key.text),
        type=type_,
        kind="plain",
        label=label,
        one_of=one_of,
        presume=presumed,
        clauses=clauses,
        meaning=meaning,
        value_labels=labels,
        span=given.key.span,
    )


def _one_of(
    reader: Reader, node: yaml.Mapping
) -> tuple[tuple[str, ...] | None, Mapping[str, Text]]:
    """Read the texts that a fact may be, and what those are called that have a label."""
    entry = yaml.find(node, "one_of")
    if entry is None:
        return None, {}
    labels: dict[str, Text] = {}
    if isinstance(entry.value, yaml.Mapping):
        for each in entry.value.entries:
            label = texts.text(reader, each.value, each.key)
            if reader.written(each.key, "words") and label is not None:
                labels[each.key.text] = label
        return tuple(labels), labels
    found: dict[str, Node] = {}
    for item in reader.items(entry.value):
        text = reader.string(item, "words")
        if text is None:
            continue
        if text in found:
            words.together(
                reader.problems,
                words.place_of(item),
                message("`{text}` is listed twice", text=text),
            )
        found.setdefault(text, item)
    return tuple(found), {}
