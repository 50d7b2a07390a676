"""The one canonical layout of a file: the same tree and the same comments are written in the same way.

Indentation is by two columns, lists under their key included. What stands in brackets stays in
brackets if it fits on its line and holds no comment; everything else is written line by line. Quotation
marks are double ones unless single ones need no escapes; whether there are any, and whether a text is a
block, stays as it is, for it is part of the tree. Keys keep their order: it is part of the tree, too.
Comments stay where they are; one blank line stays where there were any, but for the first line of a
block and the ends of the file. The lines of long texts stay as they were broken.
"""

import re
from collections import deque
from collections.abc import Mapping as Table
from typing import Final

from policyeval.policy.editing.comments import Comment, comments
from policyeval.policy.editing.lines import STEP, block_lines, formula_lines, stripped
from policyeval.policy.editing.scalars import quoted, requoted, writings
from policyeval.policy.editing.splicing import line_start
from policyeval.policy.editing.trees import is_flow
from policyeval.policy.yaml import Document, Entry, Mapping, Node, Scalar, Sequence
from policyeval.source import Span

WIDTH: Final = 120
"""Columns of a line with brackets; a longer one is written line by line."""

_LEAST: Final = 3  # columns of an item in brackets, with its comma
_BREAK = re.compile(r"\r\n|\n")
_AFTER_VALUE = re.compile(r"[ \t,\]}]*")
_AFTER_KEY = re.compile(r"[ \t:{\[]*")
_OTHER_ESCAPES = re.compile(r'(?:\\[\\"])*+\\(?=[^\\"])')


def laid_out(document: Document, formulas: Table[Span, str]) -> str:
    """Write a file in the canonical layout.

    Args:
        document: The file.
        formulas: The scalars that are written with another text, of one line, by their places.
    """
    writer = _Writer(document, formulas)
    writer.whole()
    return "\n".join(writer.lines) + "\n"


class _Writer:
    """Writes a tree line by line; each comment is written when what follows it is."""

    def __init__(self, document: Document, formulas: Table[Span, str]) -> None:
        self.root = document.root
        self.text = document.source.text
        self.formulas = formulas
        self.comments: deque[Comment] = deque(comments(document))
        self.lines: list[str] = []
        self.opening = True  # the next line is the first of the file or of a block
        self.open_ended = False  # the last line may be one of those that end a block's text

    def whole(self) -> None:
        """Write all of the file."""
        if isinstance(self.root, Scalar) or self.inline(self.root, 0) is not None:
            self.before(_first(self.root), 0)
            self.value("", self.root, 0)
        else:
            self.collection(self.root, 0, len(self.text), 0)
        while self.comments:
            self.comment(self.comments.popleft(), 0)

    # ------------------------------------------------------------ collections

    def collection(self, node: Node, indent: int, limit: int, column: int) -> None:
        """Write entries or items line by line.

        Args:
            node: A mapping or a list.
            indent: The columns before each of them.
            limit: Where in the file something follows that is not within it.
            column: From which column on a comment after its last line belongs to it.
        """
        if isinstance(node, Mapping):
            starts = [each.key.span.start for each in node.entries]
            for each, following in zip(node.entries, [*starts[1:], limit], strict=True):
                self.before(each.key.span.start, indent)
                self.entry(each, indent, following, self.column(node))
        elif isinstance(node, Sequence):
            starts = [each.span.start for each in node.items]
            for item, following in zip(node.items, [*starts[1:], limit], strict=True):
                self.before(_first(item), indent)
                self.item(item, indent, following)
        end = node.span.end if is_flow(node, self.text) else 0
        while self.comments and (
            self.comments[0].start < end
            or (
                not end
                and self.comments[0].alone
                and self.comments[0].start < limit
                and self.comments[0].column >= column
            )
        ):
            self.comment(self.comments.popleft(), indent)

    def entry(self, entry: Entry, indent: int, limit: int, column: int) -> None:
        """Write an entry; `column` is the one of its mapping in the file."""
        key = f"{' ' * indent}{self.one_line(entry.key)}:"
        value = entry.value
        if isinstance(value, Scalar) or self.inline(value, len(key) + 1) is not None:
            self.value(f"{key} ", value, indent)
            return
        if is_flow(value, self.text) and not self.has_comment(value):
            self.line(key)
            self.beside(value.span.end, _AFTER_VALUE)
        else:
            self.line(key)
            self.beside(entry.key.span.end, _AFTER_KEY)
        self.opening = True
        own = self.column(value)
        self.collection(value, indent + STEP, limit, max(own, column + 1))

    def item(self, item: Node, indent: int, limit: int) -> None:
        """Write an item of a list after its dash."""
        dash = f"{' ' * indent}- "
        if isinstance(item, Scalar) or self.inline(item, len(dash)) is not None:
            self.value(dash, item, indent)
            return
        first = len(self.lines)
        self.opening = True
        self.collection(item, indent + STEP, limit, self.column(item))
        self.lines[first] = dash + self.lines[first][indent + STEP :]

    def has_comment(self, node: Node) -> bool:
        """Tell whether a comment stands within a node that is written next."""
        return bool(self.comments) and self.comments[0].start < node.span.end

    def column(self, node: Node) -> int:
        """Give the column in which a node begins in the file."""
        return node.span.start - line_start(self.text, node.span.start)

    # ------------------------------------------------------------ values

    def value(self, prefix: str, node: Node, indent: int) -> None:
        """Write a value that stands on the line of its key or its dash, whose text is `prefix`."""
        block = isinstance(node, Scalar) and node.style == "block"
        end = node.span.start if block else node.span.end
        while self.comments and self.comments[0].start < end:
            # Between the key and the value: there is no such place on one line.
            self.comment(self.comments.popleft(), indent, moved=True)
        if not isinstance(node, Scalar):
            self.line(prefix + (self.inline(node, 0) or ""))
            self.beside(node.span.end, _AFTER_VALUE)
            return
        first, *others = self.scalar(node, block=len(prefix) > 0)
        self.line((prefix + first).rstrip(" ") if not first else prefix + first)
        if block and self.has_comment(node):
            self.lines[-1] += f"  {self.comments.popleft().text}"
        margin = " " * (indent + STEP if prefix else 0)
        self.lines += [margin + each if each else "" for each in others]
        if not block:
            self.beside(node.span.end, _AFTER_VALUE)
        self.open_ended = block and bool(others) and not others[-1].strip()

    def inline(self, node: Node, used: int, *, within: bool = False) -> str | None:
        """Give what stands in brackets on one line, or None if it does not or does not fit.

        Args:
            node: The node.
            used: The columns before it.
            within: Whether it stands in the brackets of another; a pair in a list has none of its own.
        """
        if isinstance(node, Scalar):
            return None if node.style == "block" else self.in_brackets(node)
        if not within and not is_flow(node, self.text):
            return None
        following = (each.start for each in self.comments if each.start > node.span.start)
        if next(following, node.span.end) < node.span.end:
            return None
        if len(node.entries if isinstance(node, Mapping) else node.items) > WIDTH // _LEAST:
            return None
        match node:
            case Mapping(entries):
                values = [self.inline(each.value, 0, within=True) for each in entries]
                keys = [self.one_line(each.key) for each in entries]
                parts = [
                    None if value is None else f"{key}: {value}"
                    for key, value in zip(keys, values, strict=True)
                ]
                left, right = "{}"
            case Sequence(items):
                parts = [self.inline(each, 0, within=True) for each in items]
                left, right = "[]"
        known = [each for each in parts if each is not None]
        if len(known) < len(parts):
            return None
        written = left + ", ".join(known) + right
        return written if used + len(written) <= WIDTH else None

    def in_brackets(self, node: Scalar) -> str | None:
        """Give a scalar as it can stand in brackets, or None if it cannot."""
        text = self.formulas.get(node.span, node.text)
        if node.style == "plain" and (not text or "\n" in text):
            return None
        if text != node.text:
            return next(writings(text, node.style, flow=True))[0]
        return self.one_line(node)

    def one_line(self, node: Scalar) -> str:
        """Write a scalar that is no block on one line, with its own text."""
        raw = self.text[node.span.start : node.span.end]
        if node.style == "plain":
            return node.text
        if _BREAK.search(raw):
            return quoted(node.text)
        if raw.startswith('"') and _OTHER_ESCAPES.search(raw[1:-1]):
            return raw
        return requoted(node.text)

    def scalar(self, node: Scalar, *, block: bool) -> list[str]:
        """Write a scalar: its first line, and the others without their margin."""
        raw = self.text[node.span.start : node.span.end]
        formula = self.formulas.get(node.span)
        lines = _BREAK.split(raw)
        if node.style == "block":
            return block_lines(node, lines, formula)
        if formula is not None and (formula != node.text or len(lines) > 1):
            return formula_lines(node, lines, formula, block=block)
        if len(lines) == 1:
            return [self.one_line(node)]
        return [stripped(each, last=number == len(lines) - 1) for number, each in enumerate(lines)]

    # ------------------------------------------------------------ lines and comments

    def line(self, text: str) -> None:
        """Write a line."""
        self.lines.append(text)
        self.opening = self.open_ended = False

    def comment(self, comment: Comment, indent: int, *, moved: bool = False) -> None:
        """Write a comment on a line of its own."""
        if comment.alone and not moved:
            self.blank(comment.start)
        self.line(" " * indent + comment.text)

    def before(self, start: int, indent: int) -> None:
        """Write what stands before a key or an item: comments, and a blank line if there was one."""
        while self.comments and self.comments[0].start < start:
            self.comment(self.comments.popleft(), indent)
        self.blank(start)

    def blank(self, start: int) -> None:
        """Leave a line blank if one was before the line of a place, which must begin with it."""
        if self.opening or self.open_ended or not self.lines[-1:] or not self.lines[-1]:
            return
        line = line_start(self.text, start)
        own = self.text[line:start].strip(" -?")
        previous = self.text[line_start(self.text, line - 1) : line] if line else "x"
        if not own and not previous.strip():
            self.lines.append("")

    def beside(self, end: int, between: re.Pattern[str]) -> None:
        """Write the comment that stands on the same line after a place, if there is one."""
        if not self.comments or self.comments[0].alone or self.comments[0].start < end:
            return
        match = between.match(self.text, end)
        if match is not None and match.end() == self.comments[0].start:
            self.lines[-1] += f"  {self.comments.popleft().text}"


def _first(node: Node) -> int:
    """Give where the first key or value of a node begins."""
    while True:
        match node:
            case Mapping(entries) if entries:
                return entries[0].key.span.start
            case Sequence(items) if items:
                node = items[0]
            case _:
                return node.span.start
