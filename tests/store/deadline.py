"""Waiting for what another thread does, but not for ever."""

from collections.abc import Callable
from threading import Event
from time import monotonic

PATIENCE = 30.0
"""Seconds after which something that should have happened has not."""


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; give up after a while."""
    end, pause = monotonic() + PATIENCE, Event()
    while not holds():
        assert monotonic() < end, "it has not happened"
        pause.wait(0.002)
