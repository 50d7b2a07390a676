"""How a scalar of several lines is written: a block, an expression that is broken, a text that is."""

import re
from typing import Final

from policyeval.policy.editing.scalars import broken, writings
from policyeval.policy.yaml import Scalar

STEP: Final = 2
"""Columns by which what stands within something is indented."""

_ODD_BACKSLASHES = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")


def block_lines(node: Scalar, lines: list[str], formula: str | None) -> list[str]:
    """Write a block: what it begins with, and its lines."""
    if formula is not None:
        return [">-", *broken(formula, _breaks(lines[1:], formula))]
    body = node.text.rstrip("\n")
    trailing = len(node.text) - len(body)
    if not body:
        return ["|-"] if not trailing else ["|+", *[""] * trailing]
    mark, content = lines[0][0], body.split("\n")
    if mark == ">" and body[-1] in " \t":
        mark = "|"  # what is written of such a block is not known to its end
    elif mark == ">":
        content = _dedented(lines[1:], body)
    deeper = str(STEP) if body.lstrip("\n")[0] in " \t" or body[0] == " " else ""
    ending = {0: "-", 1: ""}.get(trailing, "+")
    return [mark + deeper + ending, *content, *[""] * (trailing - 1)]


def _dedented(lines: list[str], body: str) -> list[str]:
    """Give the lines of a block without the columns that do not belong to its text."""
    first = next((each for each in lines if each.strip(" ")), None)
    own = next((each for each in body.split("\n") if each.strip(" ")), None)
    if first is None or own is None:
        return []
    indent = len(first) - len(first.lstrip(" ")) - (len(own) - len(own.lstrip(" ")))
    found = [each[indent:] for each in lines]
    while found and not found[-1]:
        found.pop()
    return found


def formula_lines(node: Scalar, lines: list[str], formula: str, *, block: bool) -> list[str]:
    """Write an expression in the style that it had, broken where it was."""
    written, style = next(writings(formula, node.style, flow=False))
    mark = lines[0][0] if node.style == "quoted" else ""
    breaks = _breaks([each.strip().strip(mark) for each in lines], formula)
    if len(lines) == 1 or not breaks or not block:
        return [written]
    return broken(written, [each + (style == "quoted") for each in breaks])


def _breaks(lines: list[str], formula: str) -> list[int]:
    """Give after how many characters, blanks aside, a formula was broken; nothing if it has become another."""
    counts = [sum(not character.isspace() for character in each) for each in lines]
    if "".join("".join(each.split()) for each in lines) != "".join(formula.split()):
        return []
    return [sum(counts[: number + 1]) for number in range(len(counts) - 1)]


def stripped(line: str, *, last: bool) -> str:
    """Give a line of a text of several lines without the white space that does not belong to it."""
    found = line.strip(" \t") if not last else line.lstrip(" \t")
    if not last and found != line.lstrip(" \t") and _ODD_BACKSLASHES.search(found):
        return f"{found} "  # an escaped blank, not an escaped line break
    return found
