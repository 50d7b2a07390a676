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


Report = Callable[[int], None]
"""Says how far the task has come."""


@contextmanager
def amount(
    task: Message, whole: int | None, language: str, *, unit: Message, begun: int = 0
) -> Iterator[Report]:
    """Show on standard error how much of a task is done: a bar, or a count where its end is not known.

    Args:
        task: What is being done.
        whole: How much there is to do, if that is known.
        language: The reader's.
        unit: What is counted where it is not.
        begun: How much was done before.
    """
    if not _on_a_terminal():
        yield _ignore
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
        from rich.progress import TimeRemainingColumn as Left
    except ImportError:
        yield _ignore
        return
    columns = [BarColumn(), TaskProgressColumn(), Left()]
    if whole is None:
        columns = [TextColumn("{task.completed}"), TextColumn("{task.fields[unit]}")]
    said = TextColumn("[progress.description]{task.description}")
    console = Console(file=sys.stderr)
    with Progress(said, *columns, console=console, transient=True) as bars:
        bar = bars.add_task(
            task.text(language), total=whole, completed=begun, unit=unit.text(language)
        )
        yield lambda done: bars.update(bar, completed=done)


def _nothing() -> None:
    return None


def _ignore(_: int) -> None:
    return None


def _on_a_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
