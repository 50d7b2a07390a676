"""A report of differences as plain text: `[-gone-]` and `{+new+}` are its redline."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

from policyeval.analysis.difference.view import Detail, Effect, Item, Line, Table, View
from policyeval.messages import visible

WIDTH: Final = 96
_MARKS: Final = {"added": "+", "removed": "-", "changed": "*", "renamed": ">"}


def as_text(view: View) -> str:
    """Write a report as plain text."""
    return "\n".join(each.rstrip() for each in _lines(view)).strip("\n")


def redlined(pieces: Line) -> str:
    """Write a redline in plain text; what was in the text as brackets stays as it is."""
    return "".join(_piece(each.kind, each.text) for each in pieces)


def _piece(kind: str, text: str) -> str:
    if not text:
        return ""
    match kind:
        case "gone":
            return f"[-{text}-]"
        case "new":
            return f"{{+{text}+}}"
        case _:
            return text


def _lines(view: View) -> Iterator[str]:
    yield from (view.title, view.subtitle, "")
    for each in view.frame:
        yield from _detail(each, 0)
    yield from ("", view.verdict)
    for section in view.sections:
        yield from _heading(section.title)
        for item in section.items:
            yield from _item(item)
    if view.same:
        yield from _heading(view.same_title)
        for each in view.same:
            yield from _detail(each, 1)
    for effect in view.effects:
        yield from _effect(effect)


def _heading(title: str) -> Iterator[str]:
    yield from ("", title, "-" * len(title))


def _item(item: Item) -> Iterator[str]:
    cited = f" ({item.clauses})" if item.clauses else ""
    yield from _wrapped(f"{item.title}{cited}", f"{_MARKS[item.kind]} ", "    ")
    yield f"    {item.word}: {item.address}"
    for each in item.details:
        yield from _detail(each, 2)
    yield ""


def _detail(detail: Detail, depth: int) -> Iterator[str]:
    margin = "  " * (depth + detail.depth)
    label = detail.label if detail.language is None else f"{detail.label} [{detail.language}]"
    text = redlined(detail.pieces)
    if not text:
        yield from _wrapped(label, margin, margin + "  ")
    elif "\n" in text:
        yield f"{margin}{label}:"
        yield from (f"{margin}  {line}" for line in text.split("\n"))
    elif detail.code:
        yield f"{margin}{label}: {text}"
    else:
        yield from _wrapped(f"{label}: {text}", margin, margin + "  ")


def _wrapped(text: str, first: str, rest: str) -> Iterable[str]:
    return textwrap.wrap(
        visible(text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _effect(effect: Effect) -> Iterator[str]:
    yield from _heading(effect.title)
    for each in effect.lines:
        yield from _wrapped(each, "", "  ")
    for table in effect.tables:
        yield from ("", f"{table.title}:")
        yield from _listed(table) if table.listed else _columns(table)


def _columns(table: Table) -> Iterator[str]:
    rows = [table.heads, *table.rows]
    widths = [max(len(row[index]) for row in rows) for index in range(len(table.heads))]
    for number, row in enumerate(rows):
        cells = (
            cell.rjust(width) if index in table.numeric else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  " + "  ".join(cells)
        if number == 0:
            yield "  " + "  ".join("-" * width for width in widths)


def _listed(table: Table) -> Iterator[str]:
    """Write a row as lines: the transaction, then each question with the answer before and after."""
    _, _, before, after = table.heads
    last = None
    for name, question, one, other in table.rows:
        if name != last:
            yield f"  {name}"
            last = name
        if question:
            yield from _wrapped(question, "    - ", "      ")
        yield from _wrapped(f"{before}: {one}", "        ", "          ")
        yield from _wrapped(f"{after}: {other}", "        ", "          ")
