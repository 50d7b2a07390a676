"""From the bytes of a file to its tree, or to everything that is wrong with it.

The order of the guards is what makes it safe: size, characters, then one event of the parser after
the other, counted and with a bound on the depth, so that nothing unbounded is ever built or
descended into. Aliases, anchors, tags and merge keys are refused, which leaves a tree.

After a mistake that the parser cannot get over, reading goes on at the next line that looks like a
key in the first column; so several such mistakes are found in one run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from policyeval.feel.characters import normal
from policyeval.messages import message
from policyeval.policy.problems import Problems
from policyeval.policy.yaml import refusals
from policyeval.policy.yaml.characters import (
    check_characters,
    decoded,
    shown_lines,
    tab_indented,
    without_traps,
)
from policyeval.policy.yaml.complaints import explain
from policyeval.policy.yaml.nodes import (
    Document,
    Entry,
    Mapping,
    Node,
    Piece,
    Scalar,
    Sequence,
    Style,
    place,
)
from policyeval.policy.yaml.parsing import Complaint, Event, events
from policyeval.policy.yaml.pieces import pieces
from policyeval.policy.yaml.refusals import Trouble
from policyeval.source import Span

DEPTH = 64
"""Mappings and sequences within each other."""

EVENTS = 200_000
"""Steps of the parser: one for each scalar, two for each mapping and sequence, a few for the file."""

_RESTARTS = 20
_STYLES: dict[str, Style] = {"": "plain", "'": "quoted", '"': "quoted", "|": "block", ">": "block"}
_KEY_LINE = re.compile(
    r"""^(?:"[^"\r\n]*"|'[^'\r\n]*'|[^\s#"'\[\]{},&*!|>%@`:?-][^\r\n]*?):(?=\s|\Z)""", re.MULTILINE
)


def read(source_bytes: bytes, name: str) -> Document:
    """Read a file of strict YAML.

    Args:
        source_bytes: The file, in UTF-8, with or without a byte order mark.
        name: What a reader knows it by.

    Raises:
        PolicyError: It cannot be used; the error holds every problem that was found.
    """
    problems = decoded(source_bytes, name)
    reader = _Reader(problems)
    root = reader.whole()
    check_characters(problems, reader.quoted, reader.keys, reader.blocks)
    problems.refuse()
    assert root is not None  # or else the file is empty, which was refused
    return Document(root, problems.source, problems.found)


class _Stop(Exception):
    """Nothing more of this file is looked at."""


@dataclass(slots=True)
class _Open:
    """A mapping or a sequence whose end has not come yet."""

    mapping: bool
    flow: bool
    start: int
    keys: dict[str, Scalar]
    key: Scalar | None = None
    entries: list[Entry] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)


class _Reader:
    """Builds the tree from events and notes where things stand that are looked at afterwards."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.source = problems.source
        self.text = without_traps(problems.source)
        self.root: Node | None = None
        self.keys: list[Span] = []
        self.quoted: list[Span] = []
        self.blocks: list[Span] = []
        self.open: list[_Open] = []
        self.count = 0
        self.documents = 0
        # Shared by all parts of the file: a key of the first column may come again after a mistake.
        self.root_keys: dict[str, Scalar] = {}
        self.references: dict[str, list[Span]] = {}
        self.tabs: list[Span] = []
        self.last_quoted: Span | None = None

    def whole(self) -> Node | None:
        """Read all of the text; give its tree if nothing stopped the parser."""
        tabs = list(tab_indented(self.text))
        offset, complete = 0, True
        try:
            for _ in range(_RESTARTS):
                trouble = self.part(offset)
                following = None
                if trouble is not None:
                    complete = False
                    following = _KEY_LINE.search(self.text, trouble.span.start + 1)
                end = following.start() if following else len(self.text)
                self.report_or_blame_tabs(trouble, tabs, Span(offset, end))
                if following is None:
                    break
                offset = end
        except _Stop:
            complete = False
        self.report_references()
        self.report_tabs()
        if complete and (self.root is None or _is_nothing(self.root)):
            self.problems.report(
                "yaml.empty",
                message("the file is empty"),
                Span(0, 1),
                message("write into it what it is meant to hold, or delete it"),
            )
        return self.root

    def part(self, offset: int) -> Trouble | None:
        """Read from an offset on, up to what the parser cannot read or to the end."""
        self.open.clear()
        self.documents = 0
        for event in events(self.text, offset):
            if isinstance(event, Complaint):
                return explain(event, self.text, self.last_quoted)
            self.count += 1
            if self.count > EVENTS:
                self.stop(
                    Trouble(
                        "yaml.too-big",
                        message(
                            "the file has more than {limit} keys, values and brackets", limit=EVENTS
                        ),
                        Span(event.start, event.start + 1),
                        message("divide it into several files"),
                    )
                )
            self.step(event)
        return None

    def step(self, event: Event) -> None:
        if event.tag or event.anchor:
            self.properties(event)
        match event.kind:
            case "document":
                self.document(event)
            case "scalar":
                self.scalar(event)
            case "alias":
                self.put(_nothing(Span(event.start, event.end)), refused=True)
            case "mapping" | "sequence":
                self.begin(event)
            case "end":
                self.end(event)

    def document(self, event: Event) -> None:
        self.documents += 1
        if self.documents > 1:
            self.stop(refusals.second_document(Span(event.start, max(event.end, event.start + 1))))
        for line in re.finditer(r"^%[^\r\n]*", self.text[event.start : event.end], re.MULTILINE):
            if not re.fullmatch(r"%YAML[ \t]+1\.2[ \t]*", line[0]):
                self.report(refusals.directive(self.text, event.start + line.start()))

    def scalar(self, event: Event) -> None:
        written = self.text[event.start : event.end]
        end = event.end
        if event.mark in {"|", ">"}:
            last = event.start + len(written.rstrip())
            line_end = re.compile(r"[^\r\n]*").match(self.text, last)
            end = min(event.end, line_end.end()) if line_end else last
        span = Span(event.start, end)
        node = Scalar(
            event.text,
            _STYLES[event.mark],
            span=span,
            pieces=pieces(written, event.start, event.mark, event.text),
        )
        if node.style == "quoted":
            self.last_quoted = span
            half = None if event.text.isascii() else re.search("[\ud800-\udfff]", event.text)
            if half:  # the part of the library that is written in Python lets it through
                self.report(
                    refusals.surrogate(self.text, place(node, Span(half.start(), half.end())))
                )
        top = self.open[-1] if self.open else None
        if top and top.mapping and top.key is None:
            self.keys.append(span)
        elif node.style == "quoted":
            self.quoted.append(span)
        elif node.style == "block":
            self.blocks.append(span)
        self.put(node)

    def begin(self, event: Event) -> None:
        if len(self.open) == DEPTH:
            self.stop(
                Trouble(
                    "yaml.too-deep",
                    message("lists and entries are nested more than {limit} deep", limit=DEPTH),
                    Span(event.start, event.start + 1),
                    message("give the inner part a place of its own"),
                )
            )
        keys = {} if self.open else self.root_keys
        self.open.append(_Open(event.kind == "mapping", event.flow, event.start, keys))

    def end(self, event: Event) -> None:
        top = self.open.pop()
        children: list[Node] = [each.value for each in top.entries] if top.mapping else top.items
        last = max(top.start, children[-1].span.end) if children else event.end
        span = Span(top.start, event.end if top.flow else last)
        if top.mapping:
            self.put(Mapping(tuple(top.entries), span=span))
        else:
            self.put(Sequence(tuple(top.items), span=span))

    def put(self, node: Node, *, refused: bool = False) -> None:
        """Put a node where it belongs; `refused` says that a problem of it is known already."""
        if not self.open:
            self.root = node
            return
        top = self.open[-1]
        if not top.mapping:
            top.items.append(node)
        elif top.key is None:
            top.key = _nothing(node.span) if refused else self.key(node, top)
        else:
            top.entries.append(Entry(top.key, node))
            top.key = None

    def key(self, node: Node, top: _Open) -> Scalar:
        span = Span(node.span.start, max(node.span.end, node.span.start + 1))
        trouble = refusals.key(node, span, self.text)
        if trouble is not None or not isinstance(node, Scalar):
            if trouble is not None:
                self.report(trouble)
            return _nothing(span)
        first = top.keys.setdefault(normal(node.text), node)
        if first is not node:
            self.report(refusals.duplicate(node, first, self.source))
        return node

    def properties(self, event: Event) -> None:
        """Refuse the anchor and the tag before a value, or an alias."""
        at = event.start
        while match := _PROPERTY.match(self.text, at):
            start, at = match.span(1)
            if match[1].startswith("!"):
                self.report(refusals.tag(self.text, start))
            else:
                self.references.setdefault(event.anchor or "", []).append(Span(start, at))

    def report_or_blame_tabs(self, trouble: Trouble | None, tabs: list[Span], part: Span) -> None:
        """Report what stopped the parser in a part of the text, unless a tab before it did."""
        outside = _outside(tabs, [*self.quoted, *self.blocks])
        found = [each for each in outside if part.start <= each.start < part.end]
        if trouble is None:
            self.tabs += found
            return
        line_end = self.text.find("\n", trouble.span.start)
        if found and (found[0].start < line_end or line_end < 0):
            self.tabs += found
        elif trouble.code == "yaml.tab":
            self.tabs.append(trouble.span)
        else:
            self.report(trouble)

    def report_tabs(self) -> None:
        if self.tabs:
            lines = shown_lines(self.source, self.tabs)
            self.report(refusals.tab(self.text, self.tabs[0], lines))

    def report_references(self) -> None:
        for spans in self.references.values():
            lines = shown_lines(self.source, spans)
            self.report(refusals.reference(self.text, spans[0], lines))

    def report(self, trouble: Trouble) -> None:
        self.problems.report(trouble.code, trouble.text, trouble.span, trouble.help)

    def stop(self, trouble: Trouble) -> NoReturn:
        self.report(trouble)
        raise _Stop


# An anchor or an alias, or a tag; before a value there may be one of each.
_PROPERTY = re.compile(r"\s*([&*][^\s,\[\]{}]+|!(?:<[^>\s]*>|[^\s,\[\]{}]*))")


def _nothing(span: Span) -> Scalar:
    """Stand in for what cannot be a node of the tree; the file is refused anyway."""
    return Scalar("", "plain", span=span, pieces=(Piece(0, span.start, span.end, False),))


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.style == "plain" and not node.text


def _outside(places: list[Span], regions: list[Span]) -> Iterator[Span]:
    """Give the places that are in none of the regions."""
    ordered = sorted(regions)
    number = 0
    for each in places:
        while number < len(ordered) and ordered[number].end <= each.start:
            number += 1
        if number == len(ordered) or each.start < ordered[number].start:
            yield each
