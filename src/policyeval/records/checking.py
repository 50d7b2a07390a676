"""One way through the lines of a log: what is expected next, and what stands there.

What is expected is the number after the highest that was seen, and the hash of the line that has it. A
line that is damaged stands for the one that is expected, so that what follows is not blamed for it.
Numbers that are jumped over are missing, unless they come later: then lines are not in their order.
"""

import json
from decimal import Decimal
from typing import Literal

from policyeval.messages import Message, message
from policyeval.records.findings import SHOWN, Kind, Place, Problem, Verification, problem
from policyeval.records.jumps import Jump, late
from policyeval.records.lines import Malformed, Sealed, sealed
from policyeval.records.model import BEGINNING, Head
from policyeval.records.reading import CHANGED, NO_FIRST, ended


class Checking:
    """What has been seen so far.

    Attributes:
        top: The highest number that is accounted for; None before anything tells one.
        hash: That of its line, where it can be relied on.
        before: That of the line before it.
        guessed: Whether a line that cannot be relied on was taken for that of `top`.
        anchored: What is known of the record whose hash was kept elsewhere.
    """

    def __init__(self, anchor: Head | None) -> None:
        self.anchor = anchor
        self.place = Place(0, "", 1)
        self.top: int | None = None
        self.hash: str | None = None
        self.before: str | None = None
        self.guessed = False
        self.jumps: list[Jump] = []
        self.found: list[Problem] = []
        self.records = 0
        self.begun = False
        self.follows: Head | None = None
        self.anchored: Literal["not seen", "seen", "another", "damaged"] = "not seen"

    def tell(self, kind: Kind, text: Message, help_: Message | None = None) -> None:
        """Note a problem at the present place."""
        self.found.append(problem(kind, self.place, text, help_))

    @property
    def full(self) -> bool:
        """Whether more problems were found than are told."""
        return len(self.found) + len(self.jumps) > SHOWN

    # ---------------------------------------------------------------- lines

    def line(self, place: Place, raw: bytes) -> None:
        """Check a line, given with its end."""
        self.place = place
        begun, self.begun = self.begun, True
        try:
            seal = sealed(ended(raw))
        except Malformed as malformed:
            self.tell("layout", malformed.text)
            self._take_for_expected(None)
            return
        if not seal.sound:
            self.tell("changed", CHANGED)
            self._take_for_expected(seal)
            return
        if not _is_json(raw):
            self.tell("layout", message("the line is no JSON"))
        if seal.first:
            self._first(seal, begun)
        else:
            self._record(seal, begun)

    def torn(self, place: Place, size: int) -> None:
        """Note that the last line of a file does not end."""
        self.place = place
        self.tell(
            "torn",
            message("the last line does not end; {size} bytes of it are there", size=size),
            message(
                "where the log is in use, this may be a record that is being written: check again "
                "later; otherwise whoever opens the log to write cuts the line, and keeps it in a file "
                "beside the log"
            ),
        )

    def empty(self, place: Place) -> None:
        """Note that there is nothing in a file."""
        self.place = place
        self.tell("first", message("there is nothing in the file"))

    def _take_for_expected(self, seal: Sealed | None) -> None:
        """Go on behind a line that cannot be relied on."""
        if seal is not None and seal.first:
            self.top = seal.seq if self.top is None else self.top
            self.hash = None
            return
        self.records += 1
        if self.top is None:
            return
        self.guessed = seal is None or seal.seq != self.top + 1
        self.top += 1
        self.before, self.hash = self.hash, None
        if self.anchor is not None and self.top == self.anchor.seq:
            self.anchored = "damaged"

    def _first(self, seal: Sealed, begun: bool) -> None:
        if not begun:
            self.follows = Head(seal.seq, seal.previous) if seal.seq else None
            if seal.seq == 0 and seal.previous != BEGINNING:
                self.tell("first", message("the first line is not as it must be"))
        elif seal.seq != self.top or self.hash not in (None, seal.previous):
            text = message("another log begins here, which does not follow on what is before it")
            self.tell("first", text)
        self._look_for_anchor(seal.seq, seal.hash, seal.previous)
        self.top, self.hash, self.guessed = seal.seq, seal.hash, False

    def _record(self, seal: Sealed, begun: bool) -> None:
        self.records += 1
        self._look_for_anchor(seal.seq, seal.hash)
        if not begun:
            self.tell("first", NO_FIRST)
        if self.top is None:
            self.top = seal.seq - 1
        if self.guessed and seal.seq == self.top:
            # The line before was none of the log's, but put in between.
            self.top, self.hash = seal.seq - 1, self.before
            self.records -= 1
        self.guessed = False
        waiting = [each for each in self.jumps if not each.filled]
        if seal.seq <= self.top:
            self._late(seal.seq, waiting)
        else:
            if seal.seq > self.top + 1:
                jump = Jump(self.place, self.top + 1, seal.seq - 1)
                self.jumps.append(jump)
                waiting.append(jump)
            elif self.hash not in (None, seal.previous):
                text = message(
                    "the line before this one is not the one that this one was written behind"
                )
                self.tell("replaced", text)
            self.top, self.hash = seal.seq, seal.hash
        for each in waiting:
            each.passed(self.place, seal.seq)

    def _late(self, seq: int, waiting: list[Jump]) -> None:
        for jump in waiting:
            if jump.first <= seq <= jump.last and seq not in jump.later:
                jump.later.add(seq)
                if not jump.all_since:
                    self.found.append(late(self.place, seq))
                return
        self.tell("twice", message("record {seq} stands here a second time", seq=seq))

    def _look_for_anchor(self, seq: int, *hashes: str) -> None:
        if self.anchor is not None and seq == self.anchor.seq and self.anchored != "seen":
            self.anchored = "seen" if self.anchor.hash in hashes else "another"

    # ---------------------------------------------------------------- the end

    def result(self) -> Verification:
        """Give what was found, when everything has been seen, or more than is told."""
        full = self.full
        if not full:
            self._check_anchor()
        every = [*self.found, *(each for jump in self.jumps for each in jump.problems())]
        every.sort(key=lambda each: (each.place.file, each.place.line))
        good = not every and self.top is not None and self.hash is not None
        return Verification(
            self.records,
            self.follows,
            Head(self.top or 0, self.hash or "") if good else None,
            tuple(every[:SHOWN]),
            full or len(every) > SHOWN,
        )

    def _check_anchor(self) -> None:
        anchor = self.anchor
        if anchor is None or self.anchored in ("seen", "damaged"):
            return
        if self.anchored == "another":
            text = message("record {seq} is not the one whose hash was kept", seq=anchor.seq)
            help_ = message("it, or what comes before it, was written anew")
        elif self.top is None or anchor.seq > self.top:
            text = message(
                "the log ends with record {last}, but record {seq} was in it: its end is missing",
                last=self.top or 0,
                seq=anchor.seq,
            )
            help_ = None
        else:
            text = message("record {seq}, whose hash was kept, is not in this log", seq=anchor.seq)
            help_ = message("name the files that come before it too, the oldest first")
        self.tell("head", text, help_)


_JSON = json.JSONDecoder(parse_int=Decimal)  # the digits of an int would take their time


def _is_json(raw: bytes) -> bool:
    try:
        _JSON.decode(raw.decode())
    except (ValueError, RecursionError, ArithmeticError):
        return False
    return True
