"""`--watch`: a file or a page looked at again and again; every capture that differs is kept."""

import argparse
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from policyeval.cli.seen import Fetch, Known, Seen, is_address, stamp
from policyeval.cli.words import FINDINGS, FINE, USAGE
from policyeval.console import tell
from policyeval.messages import Message, message

Look = Callable[[bytes, str], bool]
"""Compares a capture of some name, prints what is found, and tells whether all is as it was."""

_DEFAULT: Final = "6h"
_SHORTEST_FOR_PAGES: Final = 60.0
_FIRST_PAUSE: Final = 60.0
_LONGEST_PAUSE: Final = 3600.0
_LONGEST_ASKED: Final = 7 * 86400.0


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the option takes, and those that go with it."""
    group = parser.add_argument_group(message("watching").text(language))
    group.add_argument(
        "--watch",
        metavar=message("FILE|ADDRESS").text(language),
        help=message("look at a file or a web page again and again").text(language),
    )
    group.add_argument(
        "--every",
        metavar=message("DURATION").text(language),
        help=message("how long to wait in between: `90s`, `30m`, `6h` (the default), `1d`").text(
            language
        ),
    )
    group.add_argument(
        "--captures",
        type=Path,
        metavar=message("FOLDER").text(language),
        help=message("keep every capture that differs from the one before, with its time").text(
            language
        ),
    )
    group.add_argument(
        "--count",
        type=int,
        metavar=message("NUMBER").text(language),
        help=message("look so many times and end; otherwise until interrupted").text(language),
    )
    group.add_argument(
        "--until-changed",
        action="store_true",
        help=message("end at the first capture in which anything changed").text(language),
    )


def wrong_with(options: argparse.Namespace) -> Message | None:
    """Say what is wrong with the options, if anything is."""
    if options.watch is None:
        for given, name in (
            (options.every, "--every"),
            (options.captures, "--captures"),
            (options.count, "--count"),
            (options.until_changed or None, "--until-changed"),
        ):
            if given is not None:
                return message("`{option}` goes with `--watch`", option=name)
        return None
    if options.count is not None and options.count < 1:
        return message("`--count` wants a number from 1 on")
    if options.every is not None:
        seconds = seconds_of(options.every)
        if seconds is None:
            return message(
                "`{text}` is no duration such as `90s`, `30m`, `6h`, `1d`", text=options.every
            )
        if is_address(options.watch) and seconds < _SHORTEST_FOR_PAGES:
            return message("a web page is looked at no more often than once a minute")
    if "://" in options.watch and not is_address(options.watch):
        return message("only addresses that begin with `http://` or `https://` can be watched")
    return None


def seconds_of(text: str) -> float | None:
    """Read a duration: `90s`, `30m`, `6h`, `1d`; None if it is none, or above a year."""
    found = re.fullmatch(r"([0-9]{1,8})\s*([smhd])", text.strip().lower())
    if found is None:
        return None
    seconds = int(found[1]) * {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}[found[2]]
    return seconds if 0 < seconds <= 366 * 86400 else None


class Clock(Protocol):
    """What time it is, and waiting."""

    def now(self) -> datetime:
        """Give the moment, in UTC."""

    def wait(self, seconds: float) -> None:
        """Do nothing for a while."""


class SystemClock:
    """The computer's."""

    def now(self) -> datetime:
        """Give the moment, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the time of a capture is when it was made

    def wait(self, seconds: float) -> None:
        """Do nothing for a while."""
        import time

        time.sleep(seconds)


def run(
    options: argparse.Namespace,
    look: Look,
    clock: Clock | None = None,
) -> int:
    """Look again and again, until told to stop."""
    from policyeval.cli.captured import Captures
    from policyeval.cli.fetching import file_fetcher, page_fetcher

    clock = clock or SystemClock()
    address: str = options.watch
    fetch = page_fetcher(address, clock.now) if is_address(address) else file_fetcher(address)
    every = seconds_of(options.every or _DEFAULT)
    assert every is not None, "looked at before"
    watch = _Watch(
        fetch,
        look,
        clock,
        Captures(options.captures, address),
        every=every,
        language=options.language,
    )
    try:
        return watch.run(options.count, until_changed=options.until_changed)
    except KeyboardInterrupt:
        return watch.status


class _Captures(Protocol):
    def known(self) -> Known:
        """Give what is known of the last one."""

    def keep(self, seen: Seen, at: datetime) -> Path | None:
        """Keep one, and give where."""


class _Watch:
    """Looks, compares, waits.

    Attributes:
        status: 1 once anything changed, else 0. (It ends with 2 if the last look failed.)
    """

    def __init__(
        self,
        fetch: Fetch,
        look: Look,
        clock: Clock,
        captures: _Captures,
        *,
        every: float,
        language: str,
    ) -> None:
        self.fetch, self.look, self.clock = fetch, look, clock
        self.captures, self.every, self.language = captures, every, language
        self.status = FINE
        self._failures = 0

    def run(self, count: int | None, *, until_changed: bool) -> int:
        """Look a number of times, or for ever."""
        looked = 0
        while True:
            pause = self._once()
            looked += 1
            is_last = count is not None and looked >= count
            if is_last or (until_changed and self.status == FINDINGS):
                return self._end()
            if self._failures:
                again = message("the next attempt follows in {seconds} s", seconds=round(pause))
                tell(again.text(self.language))
            self.clock.wait(pause)

    def _end(self) -> int:
        return USAGE if self._failures and self.status == FINE else self.status

    def _once(self) -> float:
        """Look once, and give how long to wait."""
        from policyeval.errors import UnsupportedError

        known = self.captures.known()
        seen = self.fetch(known)
        now = self.clock.now()
        if seen.problem is not None:
            self._failures += 1
            pause = self._pause(seen.wait)
            self._note(now, seen.problem)
            return pause
        self._failures = 0
        if seen.raw is None:
            self._note(now, message("not changed since the last capture"))
            return max(self.every, seen.wait or 0.0)
        path = self.captures.keep(seen, now)
        if path is None:
            self._note(now, message("the same bytes as the last capture"))
            return self.every
        self._note(now, message("a new capture, {size} bytes", size=len(seen.raw)))
        try:
            if not self.look(seen.raw, seen.name):
                self.status = FINDINGS
        except UnsupportedError as error:
            tell(error.render(self.language))
            self._failures += 1
        return self.every

    def _pause(self, asked: float | None) -> float:
        """Wait twice as long after each failure, and as long as the server asks."""
        first = min(self.every, _FIRST_PAUSE)
        longest = max(self.every, _LONGEST_PAUSE)
        pause = min(longest, first * 2.0 ** min(self._failures - 1, 20))
        return max(pause, min(asked or 0.0, _LONGEST_ASKED))

    def _note(self, at: datetime, text: Message) -> None:
        tell(f"{stamp(at)} {text.text(self.language)}")
