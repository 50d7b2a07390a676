"""What kind of file a capture is, and its characters."""

import re
from typing import Final, Literal

from policyeval.diagnostics import Diagnostic
from policyeval.errors import UnsupportedError
from policyeval.messages import Message, message
from policyeval.source import Source, Span

Kind = Literal["text", "html", "pdf"]

LARGEST: Final = 5 * 1024 * 1024
"""Bytes of a capture."""


def kind_of(raw: bytes, name: str) -> Kind:
    """Recognise a capture by what it begins with, or by the end of its name.

    Raises:
        UnsupportedError: It is of a kind that cannot be read here.
    """
    start = raw[:1024]
    lowered = name.lower().partition("?")[0]
    if b"%PDF-" in start:
        return "pdf"
    if start.startswith(b"PK\x03\x04"):
        raise unreadable(
            name,
            message("this is a packed file, as word processors write them"),
            message("save the document as PDF or as plain text"),
        )
    if lowered.endswith(".pdf"):
        raise unreadable(name, message("the name says PDF, and the file is none"))
    if lowered.endswith((".html", ".htm", ".xhtml")) or _HTML.search(_plain(start)):
        return "html"
    return "text"


def decoded(raw: bytes, name: str, declared: str | None = None) -> str:
    """Give the characters of a text.

    Args:
        raw: Its bytes.
        name: What errors call it.
        declared: The encoding that it says it has.

    Raises:
        UnsupportedError: It is no text.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _text(raw, encoding, name)
    if b"\x00" in raw:
        raise _no_text(name)
    for encoding in (*([declared] if declared else []), "utf-8", "windows-1252", "latin-1"):
        try:
            text = raw.decode(_meant(encoding))
        except (UnicodeDecodeError, LookupError):
            continue
        if len(_CONTROL.findall(text)) > len(text) // 200:
            raise _no_text(name)
        return text
    raise _no_text(name)


def declared_in(raw: bytes) -> str | None:
    """Give the encoding that a web page says it has."""
    found = _CHARSET.search(raw[:4096])
    return found[1].decode("ascii") if found else None


def unreadable(name: str, what: Message, help_: Message | None = None) -> UnsupportedError:
    """Make the error for a capture that cannot be read."""
    default = message("give the text as plain text, HTML or PDF")
    found = Diagnostic("registry.capture", what, Span(0, 0), Source("", name), help_ or default)
    return UnsupportedError([found])


def missing(library: str, name: str) -> UnsupportedError:
    """Make the error for a library that is not installed."""
    found = Diagnostic(
        "registry.not-installed",
        message("this needs the library `{library}`, which is not installed", library=library),
        Span(0, 0),
        Source("", name),
        message("run `pip install 'policyeval[capture]'`"),
    )
    return UnsupportedError([found])


_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HTML: Final = re.compile(rb"<!doctype\s+html|<(?:html|head|body)[\s>]", re.IGNORECASE)
_CHARSET: Final = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_CONTROL: Final = re.compile("[\x01-\x08\x0e-\x1a\x7f]")


def _plain(start: bytes) -> bytes:
    """Give the beginning of a file in one byte per character, where it has a mark of UTF-16."""
    return start.replace(b"\x00", b"") if start[:2] in {b"\xff\xfe", b"\xfe\xff"} else start


def _meant(encoding: str) -> str:
    """Browsers take these names for the larger one."""
    return (
        "windows-1252"
        if encoding.lower() in {"latin-1", "latin1", "iso-8859-1", "us-ascii"}
        else encoding
    )


def _text(raw: bytes, encoding: str, name: str) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        raise _no_text(name) from None
    if "\x00" in text:
        raise _no_text(name)
    return text


def _no_text(name: str) -> UnsupportedError:
    return unreadable(name, message("this is no text: it has bytes that stand for no characters"))
