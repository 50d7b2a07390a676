"""How far a long task has come: a bar on a terminal with rich installed, and nothing elsewhere."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from policyeval.messages import Message

Advance = Callable[[], None]
"""Says that one more step is done."""


@contextmanager
def progress(task: Message, steps: int, language: str) -> Iterator[Advance]:
    """Show a bar on standard error while a task runs; results go to standard output.

    Args:
        task: What is being done.
        steps: How many steps it has.
        language: The reader's.
    """
    if not _on_a_terminal():
        yield _nothing
        return
    try:
        from rich.console import Console
        from rich.progress import Progress
    except ImportError:
        yield _nothing
        return
    with Progress(console=Console(file=sys.stderr), transient=True) as bars:
        bar = bars.add_task(task.text(language), total=steps)
        yield lambda: bars.advance(bar)


def _nothing() -> None:
    return None


def _on_a_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
