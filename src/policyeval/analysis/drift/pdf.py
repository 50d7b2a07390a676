"""The text of a PDF, without what is printed on every page."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from policyeval.analysis.drift.decoding import missing, unreadable
from policyeval.messages import message

_SECONDS: Final = 60
_LONGEST: Final = 5_000_000
_WORKER: Final = Path(__file__).with_name("pdf_worker.py")


def read_pdf(raw: bytes, name: str, *, seconds: float = _SECONDS) -> str:
    """Give the text of a PDF.

    Raises:
        UnsupportedError: It cannot be read, takes too long, or a library is missing.
    """
    if find_spec("pypdf") is None:
        raise missing("pypdf", name)
    try:
        done = subprocess.run(  # noqa: S603 - our own file, by Python itself
            [sys.executable, "-P", str(_WORKER)],
            input=raw,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        what = message("the file takes longer to read than {seconds} seconds", seconds=seconds)
        raise unreadable(name, what) from None
    match done.returncode:
        case 0:
            pages = json.loads(done.stdout)
        case 3:
            what = message("the file can only be read with a password")
            raise unreadable(name, what, message("save it without the password"))
        case 4:
            raise unreadable(name, message("the file has too many pages"))
        case _:
            raise unreadable(name, message("the file is damaged, or no PDF"))
    text = "\f".join(without_running_lines([_plain(each) for each in pages]))
    if not text.strip():
        raise unreadable(
            name,
            message("the file has no text, only pictures of it"),
            message("have the text recognised, and give it as plain text"),
        )
    if len(text) > _LONGEST:
        raise unreadable(name, message("the text has more than {limit} characters", limit=_LONGEST))
    return text


_LIGATURES: Final = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)


def _plain(page: str) -> str:
    return page.translate(_LIGATURES).replace("\f", "\n")


# ------------------------------------------------------------------------------- running lines


_EDGE: Final = 3
_PAGE_NUMBER: Final = re.compile(
    r"\W*(?:(?:page|sida|sidan|seite|s\.|p\.)\s*)?\d{1,4}\s*(?:(?:of|av|von|/|\|)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)


def without_running_lines(pages: Sequence[str]) -> list[str]:
    """Leave out what is printed at the head or foot of pages: page numbers, repeated lines."""
    if len(pages) < 2:
        return list(pages)
    divided = [[line for line in page.split("\n") if line.strip()] for page in pages]
    heads = Counter(_mask(line) for page in divided for line in page[:_EDGE])
    feet = Counter(_mask(line) for page in divided for line in page[-_EDGE:])
    return ["\n".join(_between(page, heads, feet, len(pages))) for page in divided]


def _between(page: list[str], heads: Counter[str], feet: Counter[str], count: int) -> list[str]:
    start, end = 0, len(page)
    while start < min(_EDGE, end) and _is_running(page[start], heads, count):
        start += 1
    while end > max(start, len(page) - _EDGE) and _is_running(page[end - 1], feet, count):
        end -= 1
    return page[start:end]


def _is_running(line: str, seen: Counter[str], count: int) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(line)) or seen[_mask(line)] > max(1, count // 2)


def _mask(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()))
