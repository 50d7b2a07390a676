"""How a text is written as a scalar: bare, in quotation marks or as a block, so that it is just that text."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from policyeval.errors import PolicyError
from policyeval.policy import yaml
from policyeval.policy.yaml import Mapping, Scalar, Sequence
from policyeval.policy.yaml.nodes import Style

WIDTH: Final = 100
"""Columns of the text of a block, after its indentation, where it is broken anew."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_HEADER = re.compile(r"([|>])[-+1-9]*")
_BREAKABLE = re.compile(r"(?<=[^ ]) (?=[^ ])")


def quoted(text: str) -> str:
    """Write a text in quotation marks on one line: double ones, unless others need no escapes."""
    if any(_is_escaped(each) for each in text):
        return '"' + "".join(map(_escaped, text)) + '"'
    return requoted(text)


def requoted(text: str) -> str:
    """Write a text of one line in quotation marks, every character as itself."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def is_plain(text: str, *, flow: bool) -> bool:
    """Tell whether a text can stand without quotation marks and be just that text.

    Args:
        text: Not null nor nothing: what these words mean without quotation marks is for the caller.
        flow: Whether it stands in brackets.
    """
    if "\n" in text or "\r" in text or not text:
        return False
    within = (
        (f"- [{text}]\n", f"- {{key: {text}}}\n") if flow else (f"- {text}\n", f"key: {text}\n")
    )
    return all(_reads_as(each, text) for each in within)


def writings(text: str, style: Style, flow: bool, written: str = "") -> Iterator[tuple[str, Style]]:
    """Give ways to write a text, the one that is most like what stood there before first.

    Args:
        text: What is meant.
        style: That of what stood there.
        flow: Whether it stands in brackets.
        written: What stood there, as it was written; a block is written at its indentation.
    """
    if style == "block" and not flow:
        yield from ((each, "block") for each in _block(text, written))
    if style != "quoted" and (not text or is_plain(text, flow=flow)):
        yield text, "plain"
    if style == "quoted" and written.startswith("'") and not any(map(_is_escaped, text)):
        yield "'" + text.replace("'", "''") + "'", "quoted"
    if style == "quoted" and written.startswith('"'):
        yield '"' + "".join(map(_escaped, text)) + '"', "quoted"
    yield quoted(text), "quoted"


def broken(text: str, breaks: list[int], width: int = WIDTH) -> list[str]:
    """Break a text of one line into several, at single blanks.

    Args:
        text: The text; the lines joined by blanks give it again.
        breaks: After how many characters that are no blanks. Where none of them can be broken at, it
            is done where a line would be longer than `width`.
        width: Columns of a line.
    """
    found = _wanted(text, set(breaks)) or _needed(text, width)
    starts = [0, *(at + 1 for at in found)]
    return [text[start:end] for start, end in zip(starts, [*found, len(text)], strict=True)]


def _wanted(text: str, breaks: set[int]) -> list[int]:
    found: list[int] = []
    count = 0
    possible = {each.start() for each in _BREAKABLE.finditer(text)}
    for at, character in enumerate(text):
        if at in possible and count in breaks:
            found.append(at)
        count += not character.isspace()
    return found


def _needed(text: str, width: int) -> list[int]:
    found: list[int] = []
    start, last = 0, -1
    for each in [*(match.start() for match in _BREAKABLE.finditer(text)), len(text)]:
        if each - start > width and last >= start:
            found.append(last)
            start = last + 1
        last = each
    return found


def _block(text: str, written: str) -> Iterator[str]:
    """Write a block where another stood: with its sign and its indentation, and as it must end."""
    head, *lines = re.split(r"\r\n|\n", written)
    mark = _HEADER.match(head)
    content = next((each for each in lines if each.strip()), None)
    body = text.rstrip("\n")
    ending = {0: "-", 1: ""}.get(len(text) - len(body))
    if mark is None or content is None or ending is None or not body or body[0] in " \n\r\t":
        return
    indent = content[: len(content) - len(content.lstrip(" "))]
    line_break = "\r\n" if "\r\n" in written else "\n"
    folded = mark[1] == ">"
    if folded and "\n" in body:
        return
    parts = broken(body, []) if folded else body.split("\n")
    header = mark[1] + ending + head[mark.end() :]
    yield line_break.join([header, *(indent + each if each else "" for each in parts)])


def _reads_as(snippet: str, text: str) -> bool:
    try:
        node: yaml.Node = yaml.read(snippet.encode(), "").root
    except (PolicyError, UnicodeEncodeError):
        return False
    while not isinstance(node, Scalar):
        children = (
            node.items if isinstance(node, Sequence) else [each.value for each in node.entries]
        )
        if len(children) != 1 or (isinstance(node, Mapping) and node.entries[0].key.text != "key"):
            return False
        node = children[0]
    return node.text == text and node.style == "plain"


def _is_escaped(character: str) -> bool:
    return not character.isprintable() and unicodedata.category(character) != "Zs"


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if not _is_escaped(character):
        return character
    code = ord(character)
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )
