"""What one look at a watched file or page gave."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from policyeval.messages import Message


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the last capture, so that one that is the same is told."""

    sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look gave.

    Attributes:
        raw: The bytes; None if nothing has changed since, or nothing could be had.
        name: What the capture is called; its end may say what kind it is.
        problem: Why nothing could be had.
        wait: How long the server asks to be left alone, in seconds.
    """

    raw: bytes | None
    name: str
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    problem: Message | None = None
    wait: float | None = None


Fetch = Callable[[Known], Seen]


def is_address(text: str) -> bool:
    """Tell whether this is the address of a web page, not a file."""
    return re.match(r"https?://[^\s/]", text, re.IGNORECASE) is not None


def stamp(at: datetime) -> str:
    """Write a moment: `2026-11-22T09:18:37Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
