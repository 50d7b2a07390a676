"""Deciding that costs nothing, where only the way of the lines matters."""

from collections.abc import Callable
from datetime import date

from policyeval.messages import message
from policyeval.streams.deciding import Decider, Question
from policyeval.streams.model import Decided, Problem, Rejected

NAME = "example-referral"
ASKED_ON = date(2025, 1, 31)
ONE = ("order_window_ends_on",)
ASKED = {"PROGRAMME": "x", "--asked-on": "2024-07-01", "policies": "0" * 64, "engine": "e 1"}


class Echo(Decider):
    """Gives every line back; those that begin with `!` are rejected."""

    def __init__(self) -> None:
        self.question = Question(NAME, ASKED_ON)

    def line(self, number: int, raw: bytes) -> Decided | Rejected | None:
        """Decide a line without policies."""
        if not raw.strip():
            return None
        if raw.startswith(b"!"):
            return Rejected(number, None, (Problem("input.json", message("error")),))
        return Decided(number, None, b'"%b"' % raw[:40].strip())


def pieces(whole: bytes, size: int) -> Callable[[int], bytes]:
    """Give a text piece by piece, as a pipe does."""
    left = [whole]

    def read(most: int) -> bytes:
        piece, left[0] = left[0][: min(most, size)], left[0][min(most, size) :]
        return piece

    return read
