"""From bytes to a text: how large it may be, how it is encoded, and which characters it may have.

Every character that must not be there is reported and then replaced by a harmless one, in the text
that is parsed and nowhere else: so all other problems of the file are found in the same run, and
every place stays what it is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from policyeval.feel.characters import hidden, turned
from policyeval.messages import message
from policyeval.policy.problems import SHOWN, Problems
from policyeval.policy.yaml.nodes import BYTES
from policyeval.source import Source, Span

_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_BOM = "\ufeff"
# What YAML 1.2 leaves out (production 1), less the half characters that no decoded text has.
_EXCLUDED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]+")
_SEPARATOR = re.compile("[\x85\u2028\u2029]")
_LONE_CR = re.compile("\r(?!\n)")
_SPACES = "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_FALSE_INDENT = re.compile(rf"^[ \t]*([{_SPACES}]+)", re.MULTILINE)
_FALSE_SPACE = re.compile(f"[{_SPACES}]+")
_COMMENT = re.compile(r"(?:(?<=\s)|^)#[^\r\n]*", re.MULTILINE)
_REPLACED = re.compile(f"({_SEPARATOR.pattern})|{_EXCLUDED.pattern[:-1]}")


def _oversized(data: bytes, name: str) -> Problems:
    source = Source(data[:BYTES].decode("utf-8", "replace"), name)
    problems = Problems(source)
    problems.report(
        "yaml.too-big",
        message("the file has {size} bytes, more than {limit}", size=len(data), limit=BYTES),
        Span(len(source.text), len(source.text) + 1),
        message("divide it into several files"),
    )
    return problems


def decoded(data: bytes, name: str) -> Problems:
    """Turn bytes into a text and collect what is wrong with them.

    Raises:
        PolicyError: The file is too large, or in UTF-16; nothing else is looked at then.
    """
    if len(data) > BYTES:
        _oversized(data, name).refuse()
    if _is_utf_16(data):
        _utf_16(data, name).refuse()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _damaged(data, name, error.start)
    problems = Problems(Source(text.removeprefix(_BOM), name))
    for each in islice(_EXCLUDED.finditer(problems.source.text), SHOWN + 1):
        problems.report(
            "yaml.encoding",
            message(
                "`{character}` (byte offset {offset}) cannot stand in a text file",
                character=_number(each[0][0]),
                offset=len(text[: each.start() + text.startswith(_BOM)].encode()),
            ),
            Span(*each.span()),
            message("delete it; the file may have been damaged, or may be no text file"),
        )
    return problems


def _is_utf_16(data: bytes) -> bool:
    """Tell UTF-16 (or 32) by its mark, or by a null in every other byte at the start."""
    nulls = [byte == 0 for byte in data[:4]]
    return data.startswith(_UTF_16) or nulls in ([True, False] * 2, [False, True] * 2)


def _utf_16(data: bytes, name: str) -> Problems:
    encoding = "utf-16-be" if data.startswith((b"\xfe\xff", b"\0")) else "utf-16-le"
    problems = Problems(Source(data.decode(encoding, "replace").removeprefix(_BOM), name))
    problems.report(
        "yaml.encoding",
        message("the file is in UTF-16 (byte offset {offset})", offset=0),
        Span(0, 1),
        message("save the file as UTF-8"),
    )
    return problems


def _damaged(data: bytes, name: str, offset: int) -> Problems:
    """Read what is not UTF-8 as Windows-1252, as its author very likely saw it."""
    escaped = data.decode("utf-8", "surrogateescape")
    text = re.sub(
        "[\udc80-\udcff]",
        lambda each: bytes([ord(each[0]) - 0xDC00]).decode("cp1252", "replace"),
        escaped,
    )
    problems = Problems(Source(text.removeprefix(_BOM), name))
    at = len(data[:offset].decode("utf-8").removeprefix(_BOM))
    problems.report(
        "yaml.encoding",
        message(
            "byte `{byte}` (byte offset {offset}) is not UTF-8",
            byte=f"{data[offset]:02X}",
            offset=offset,
        ),
        Span(at, at + 1),
        message("save the file as UTF-8; it may be in Windows-1252 or Latin-1 now"),
    )
    return problems


def without_traps(source: Source) -> str:
    """Give the text to be parsed: of the same length, without characters that mislead the parser."""
    text = source.text
    if "\n" in text:  # or else it is a file whose lines all end so
        text = _LONE_CR.sub(" ", text)
    if text.isascii() and not _EXCLUDED.search(text):
        return text
    text = _REPLACED.sub(lambda each: " " if each[1] else "\ufffd", text)
    # The library would take it for a byte order mark, and skip it without counting it.
    return text if not text.startswith(_BOM) else "\ufffd" + text[1:]


def check_characters(
    problems: Problems, strings: Iterable[Span], keys: Iterable[Span], blocks: Iterable[Span]
) -> None:
    """Report characters that deceive the eye or the next program.

    Args:
        problems: Where to; its source is the text.
        strings: The scalars in quotation marks, in order, less the keys.
        keys: The keys.
        blocks: The block scalars, in order.
    """
    source = problems.source
    _check_line_ends(problems)
    if source.text.isascii():
        return
    quoted, blocks = list(strings), list(blocks)
    opaque = sorted(
        [
            *((each.start, each.end, "string") for each in quoted),
            *((each.start, each.end, "comment") for each in _comments(source, [*quoted, *blocks])),
        ]
    )
    found = hidden(source, opaque, spaces=False)
    problems.add(
        islice(
            (each for each in found if not _EXCLUDED.match(source.text, each.span.start)), SHOWN + 1
        )
    )
    problems.add(
        islice(
            turned(source, [Span(*each[:2]) for each in opaque if each[2] == "string"]), SHOWN + 1
        )
    )
    for span in islice(_false_spaces(source, [*quoted, *blocks], keys), SHOWN + 1):
        problems.report(
            "text.invisible",
            message(
                "`{character}` looks like a space and is none",
                character=_number(source.text[span.start]),
            ),
            span,
            message("type a space in its place"),
        )


def _number(character: str) -> str:
    return f"U+{ord(character):04X}"


def _check_line_ends(problems: Problems) -> None:
    text = problems.source.text
    for each in islice(_SEPARATOR.finditer(text), SHOWN + 1):
        problems.report(
            "yaml.line-separator",
            message("`{character}` ends a line for some programs only", character=each[0]),
            Span(*each.span()),
            message(
                "begin a new line in the usual way, or write `{escape}` between double quotation marks",
                escape=f"\\u{ord(each[0]):04x}",
            ),
        )
    # A file with the line ends of an old system has one problem, not one on each line.
    if (lone := _LONE_CR.search(text)) is not None:
        problems.report(
            "yaml.line-separator",
            message("the line ends with CR alone, which ends a line for some programs only"),
            Span(*lone.span()),
            message("save the file with line ends LF or CRLF"),
        )


def _comments(source: Source, scalars: Sequence[Span]) -> Iterator[Span]:
    """Find the comments: `#` outside of quoted texts and blocks, after a blank."""
    at = 0
    for span in sorted([*scalars, Span(len(source.text), len(source.text))]):
        for each in _COMMENT.finditer(source.text, at, max(at, span.start)):
            yield Span(*each.span())
        at = max(at, span.end)


def _false_spaces(source: Source, opaque: Sequence[Span], keys: Iterable[Span]) -> Iterator[Span]:
    """Find blanks of other kinds where only real ones belong: as indentation, and in keys."""
    inside = sorted(opaque)
    number = 0
    for each in _FALSE_INDENT.finditer(source.text):
        while number < len(inside) and inside[number].end <= each.start(1):
            number += 1
        if number == len(inside) or each.start(1) < inside[number].start:
            yield Span(*each.span(1))
    for key in keys:
        for each in _FALSE_SPACE.finditer(source.text, key.start, key.end):
            yield Span(*each.span())


def tab_indented(text: str) -> Iterator[Span]:
    """Find the tabs that lines with anything on them are indented with."""
    for each in re.finditer(r"^ *+(\t[ \t]*+)(?=[^\s])", text, re.MULTILINE):
        yield Span(*each.span(1))


def shown_lines(source: Source, spans: Sequence[Span]) -> str:
    """Name the lines of all places but those of the first: `3, 7, 12 …`; nothing if none is left."""
    lines = list(dict.fromkeys(source.position(each.start).line for each in spans[:1_000]))[1:]
    return ", ".join(map(str, lines[:10])) + (" …" if len(lines) > 10 else "")
