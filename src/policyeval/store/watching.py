"""Watching a folder from a thread of its own: look, and look again, until told to end.

The thread holds the store only while it looks, so a store that nobody uses any more goes away with it.
"""

import logging
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread, current_thread
from typing import Final, Literal, Protocol
from weakref import ReferenceType, ref

from policyeval.telemetry.logs import STORE
from policyeval.telemetry.missing import not_installed

Watch = bool | float | Literal["native"]
"""Whether to watch and every how many seconds to look; or to be told by the system."""

SECONDS: Final = 2.0
"""How long is waited between two looks, where nothing else is said."""


class Looks(Protocol):
    """What is told to look, again and again."""

    def look(self, ended: Event) -> None:
        """See whether anything changed; give up when `ended` is set."""


class Watcher:
    """A thread that looks again and again, until it is closed."""

    def __init__(self, store: Looks, path: Path, watch: Watch) -> None:
        self._ended = Event()
        wait = _natively(path) if watch == "native" else _in_turn(_seconds(watch))
        self._thread = Thread(
            target=_run,
            args=(ref(store, lambda _: self._ended.set()), self._ended, wait),
            name="policyeval-store",
            daemon=True,
        )
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether the thread is there; it is not in a process that was forked off."""
        return self._thread.is_alive()

    def close(self) -> None:
        """End the thread, and wait until it has ended."""
        self._ended.set()
        if self._thread is not current_thread():
            self._thread.join()


_Wait = Callable[[Event], None]


def _seconds(watch: bool | float) -> float:
    seconds = SECONDS if isinstance(watch, bool) else watch
    if not 0 < seconds < float("inf"):
        raise ValueError(f"watch: a number of seconds above 0 is wanted, not {watch!r}")
    return seconds


def _run(store: "ReferenceType[Looks]", ended: Event, wait: _Wait) -> None:
    while not ended.is_set():
        wait(ended)
        _look(store, ended)
    STORE.debug("watching ended")


def _look(reference: "ReferenceType[Looks]", ended: Event) -> None:
    store = reference()
    if store is None or ended.is_set():
        ended.set()
        return
    try:
        store.look(ended)
    except Exception:  # noqa: BLE001 - what a caller's own function raises must not end the watch
        STORE.exception("watching failed")


def _in_turn(seconds: float) -> _Wait:
    def wait(ended: Event) -> None:
        ended.wait(seconds)

    return wait


def _natively(path: Path) -> _Wait:
    """Be told by the system; where it tells nothing, look as often as otherwise.

    A new watch is set up each time, so that it also finds a folder that was put in the place of another.

    Raises:
        UnsupportedError: The library is not installed.
    """
    if find_spec("watchfiles") is None:
        raise not_installed("watchfiles", "watch")
    import watchfiles

    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    milliseconds = round(SECONDS * 1000)

    def wait(ended: Event) -> None:
        try:
            for _ in watchfiles.watch(
                path,
                watch_filter=None,
                debounce=200,
                stop_event=ended,
                rust_timeout=milliseconds,
                yield_on_timeout=True,
                raise_interrupt=False,
            ):
                return
        except (OSError, RuntimeError):  # the folder is not there for the moment
            ended.wait(SECONDS)

    return wait
