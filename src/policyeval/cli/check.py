"""`policyeval check`: everything that is wrong with policies, at once."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from policyeval.cli.findings import FORMATS, summary, write
from policyeval.cli.progress import Advance, progress
from policyeval.cli.showing import show
from policyeval.cli.words import FINDINGS, FINE, policies_folder, processors
from policyeval.console import tell
from policyeval.messages import message

if TYPE_CHECKING:
    from policyeval.diagnostics import Diagnostic
    from policyeval.policy.cache import Cache, Outcome
    from policyeval.policy.library import Library
    from policyeval.policy.repository.report import Report

SUMMARY = message("check policies, golden cases and the lock; every problem at once")
EXAMPLES = (
    ("policyeval check policies/", message("every file of the folder")),
    ("policyeval check policies/ --format github", message("notes beside the lines, on GitHub")),
    ("policyeval check policies/ --strict", message("warnings count as errors")),
)

SMALL = 512 * 1024
"""Bytes of files that are read before other processes could have been started."""

MOST = 60
"""Processes that can be waited for at once on every system."""


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""

    def number(text: str) -> int:
        if text.isascii() and text.isdigit() and int(text[:9]) > 0:
            return int(text[:9])
        wanted = message("`{text}` is no number of processes; write `1` or more", text=text[:40])
        raise argparse.ArgumentTypeError(wanted.text(language))

    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar=message("PATH").text(language),
        help=message("a folder of policies, a programme's folder, or one file").text(language),
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help=message("how problems are written").text(language),
    )
    parser.add_argument(
        "--strict", action="store_true", help=message("warnings count as errors").text(language)
    )
    parser.add_argument(
        "--jobs",
        type=number,
        metavar=message("NUMBER").text(language),
        help=message(
            "how many processes read programmes at a time; one per processor if left out"
        ).text(language),
    )


def run(options: argparse.Namespace) -> int:
    """Do it."""
    language: str = options.language
    found = _report(
        policies_folder(options.path, or_file=True), options.jobs or processors(), language
    )
    written = write(found.diagnostics, options.format, language)
    if written:
        show(written, "problems" if options.format == "text" else "plain")
    if options.format == "text":
        text = message(
            "programmes: {programmes}, versions: {versions}",
            programmes=found.programmes,
            versions=found.versions,
        )
        tell(f"{text.text(language)}; {summary(found.diagnostics, language)}")
    errors = any(each.severity == "error" or options.strict for each in found.diagnostics)
    return FINDINGS if errors else FINE


def _report(path: Path, jobs: int, language: str) -> "Report":
    from policyeval.policy.cache import user_cache
    from policyeval.policy.repository.asked import asked_for
    from policyeval.policy.repository.naming import CASES
    from policyeval.policy.repository.reading import read_folder
    from policyeval.policy.repository.report import Report, report

    path = path.parent if path.name == CASES else path
    asked = asked_for(path)
    if asked.refused or asked.file is not None:
        # Golden cases are not looked at: what they name may be in any version.
        library = read_folder(path)
        versions = sum(len(each.versions) for each in library.programmes.values())
        return Report(library.diagnostics, len(library.programmes), versions)
    work = _Work(asked.root.path, user_cache())
    left = work.not_kept(asked.folders)
    if left:
        with progress(message("checking programmes"), len(left), language) as advance:
            if jobs > 1 and len(left) > 1 and _size(left) > SMALL:
                work.in_processes(left, min(jobs, len(left), MOST), advance)
            work.in_turn(left, advance)
    return report(asked, [work.outcomes[each] for each in asked.folders], _check_cases)


class _Work:
    """What is found in each folder of a folder of policies."""

    def __init__(self, root: Path, cache: "Cache | None") -> None:
        self.root = root
        self.cache = cache
        self.outcomes: dict[Path, Outcome] = {}

    def not_kept(self, folders: Sequence[Path]) -> list[Path]:
        """Take what was found before, and give the folders that have to be read."""
        from policyeval.policy.repository.report import kept_outcome

        if self.cache is None:
            return [*folders]
        for each in folders:
            kept = kept_outcome(each, self.root, self.cache)
            if kept is not None:
                self.outcomes[each] = kept
        return [each for each in folders if each not in self.outcomes]

    def look(self, folders: Sequence[Path]) -> Callable[[Path], "Outcome"]:
        """Give what looks at one of the folders."""
        from policyeval.policy.cache import KEPT
        from policyeval.policy.repository.report import outcome

        # Of more programmes than are kept, each would be kept for nothing.
        whole = len(folders) <= KEPT
        return partial(outcome, root=self.root, cases=_check_cases, cache=self.cache, whole=whole)

    def in_turn(self, folders: Sequence[Path], advance: Advance) -> None:
        """Read the folders, less those that are read already."""
        look = self.look(folders)
        for each in folders:
            if each not in self.outcomes:
                self.outcomes[each] = look(each)
                advance()

    def in_processes(self, folders: Sequence[Path], jobs: int, advance: Advance) -> None:
        """Read the folders in several processes; where there can be none, or one is lost, not all."""
        from concurrent.futures import ProcessPoolExecutor, as_completed
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import get_context

        look = self.look(folders)
        with suppress(BrokenProcessPool, ImportError, OSError):
            pool = ProcessPoolExecutor(jobs, get_context("spawn"), ignore_interrupts)
            try:
                with _interrupts_held_back():
                    given = {pool.submit(look, each): each for each in folders}
                for done in as_completed(given):
                    self.outcomes[given[done]] = done.result()
                    advance()
            finally:
                pool.shutdown(cancel_futures=True)


def ignore_interrupts() -> None:
    """Leave it to the process that started this one to end it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Let processes that are started meanwhile have no part in an interruption from their first moment."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _check_cases(library: "Library") -> "tuple[Diagnostic, ...]":
    from policyeval.cases.checking import check_cases

    return check_cases(library)


def _size(folders: Sequence[Path]) -> int:
    """Give about how many bytes of YAML there are."""
    size = 0
    for folder in folders:
        with suppress(OSError):
            size += sum(each.stat().st_size for each in folder.glob("*.yaml"))
    return size
