"""How a scalar's text came about from what is written: which character stands where in the file.

The parser gives the text and the stretch of the file, but not how one became the other. Here they
are walked through side by side; what is found is a list of pieces, most often a single one.
"""

import re
from collections.abc import Iterator

from policyeval.policy.yaml.nodes import Piece
from policyeval.source import Span

_BREAK = r"(?:\r\n|\r|\n)"
# Blanks without a line break are matched as well, or else each of them would be looked at again
# for a line break at their end: half a million million steps for a megabyte of blanks.
_FOLD = rf"(?P<fold>[ \t]*+{_BREAK}[ \t\r\n]*+)|(?P<blank>[ \t]++)"
_SPECIAL = {
    "": re.compile(_FOLD),
    "'": re.compile(rf"{_FOLD}|(?P<escape>'')"),
    '"': re.compile(
        rf"{_FOLD}|(?P<joined>\\{_BREAK}[ \t\r\n]*+)"
        r"|(?P<escape>\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.))"
    ),
}
_BREAKS = re.compile(_BREAK)
_LINE = re.compile(rf"(?P<text>[^\r\n]*+)(?:{_BREAK}|\Z)")


def pieces(written: str, start: int, mark: str, text: str) -> tuple[Piece, ...]:
    """Say how a text came about.

    Args:
        written: The scalar as it is written, with its quotation marks or its `|` or `>`.
        start: Where that begins in the file.
        mark: What it begins with: `'`, `"`, `|`, `>`, or nothing for a plain scalar.
        text: The scalar's text.
    """
    if written == text if mark == "" else written[1:-1] == text:
        return ()
    if mark in {"|", ">"}:
        found = _block(written, start, text)
    else:
        inner = Span(len(mark), len(written) - len(mark))
        found = _flow(written, inner, start, _SPECIAL[mark], text)
    # Should the two not agree, a problem in this text is shown at the scalar as a whole.
    return found or (Piece(0, start, start + len(written), False),)


def _flow(
    written: str, inner: Span, start: int, special: re.Pattern[str], text: str
) -> tuple[Piece, ...]:
    """Follow a plain or quoted scalar: folded line breaks, and escapes, which stand for one sign."""
    found: list[Piece] = []
    at, done = 0, inner.start
    for match in [*special.finditer(written, inner.start, inner.end), None]:
        end = match.start() if match else inner.end
        if match and match.lastgroup == "blank":
            continue
        if end > done:
            if text[at : at + end - done] != written[done:end]:
                return ()
            found.append(Piece(at, start + done, start + end, True))
            at += end - done
        if match:
            value = 1 if match.lastgroup == "escape" else _folded(match)
            if value:
                found.append(Piece(at, start + match.start(), start + match.end(), False))
            at, done = at + value, match.end()
    return tuple(found) if at == len(text) else ()


def _folded(match: re.Match[str]) -> int:
    """Give how many characters line breaks become: one a blank, more of them one fewer."""
    breaks = sum(1 for _ in _BREAKS.finditer(match[0]))
    return 1 if breaks == 1 and match.lastgroup == "fold" else breaks - 1


def _block(written: str, start: int, text: str) -> tuple[Piece, ...]:
    """Follow a block scalar line by line, from the line after its `|` or `>`."""
    first = re.search(r"[^ \n]", text)
    lines = list(_lines(written))
    if first is None:
        return ()
    indent = _indent(written, lines, first.start() - (text.rfind("\n", 0, first.start()) + 1))
    found: list[Piece] = []
    at, done = 0, lines[0].start if lines else len(written)
    for line in lines:
        if line.end - line.start <= indent:
            continue
        content = Span(line.start + indent, line.end)
        before = at
        while at < len(text) and text[at] == "\n":
            at += 1
        words = written[content.start : content.end]
        if not text.startswith(words, at) and text.startswith(" ", at):
            at += 1
        if not text.startswith(words, at):
            return ()
        if at > before:
            found.append(Piece(before, start + done, start + content.start, False))
        found.append(Piece(at, start + content.start, start + content.end, True))
        at, done = at + len(words), content.end
    if text[at:].strip("\n"):
        return ()
    if at < len(text):
        found.append(Piece(at, start + done, start + len(written), False))
    return tuple(found)


def _lines(written: str) -> Iterator[Span]:
    """Give the lines after the first one, without their line breaks."""
    head = _LINE.match(written)
    at = head.end() if head else len(written)
    while at < len(written) and (line := _LINE.match(written, at)):
        yield Span(line.start(), line.end("text"))
        at = line.end()


def _indent(written: str, lines: list[Span], kept: int) -> int:
    """Give the columns that do not belong to the text; `kept` of the first line's blanks do."""
    for line in lines:
        words = written[line.start : line.end]
        if words.strip(" "):
            return len(words) - len(words.lstrip(" ")) - kept
    return 0
