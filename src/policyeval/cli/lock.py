"""`policyeval lock`: record the versions that are published, so that no change to them goes unseen."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from policyeval.cli.findings import FORMATS, summary, write
from policyeval.cli.showing import Kind, show
from policyeval.cli.words import FINDINGS, FINE, USAGE, policies_folder
from policyeval.console import complain, tell
from policyeval.diagnostics import Diagnostic
from policyeval.messages import message

if TYPE_CHECKING:
    from policyeval.policy.library import Library
    from policyeval.policy.lock import Lock

SUMMARY = message("record new versions in `policies.lock`; what is recorded cannot change unseen")
EXAMPLES = (
    ("policyeval lock policies/", message("record every version that is not yet")),
    (
        "policyeval lock --check --published published.lock",
        message("nothing that was published is changed or removed; writes nothing"),
    ),
    (
        "git show origin/main:policies/policies.lock | policyeval lock --check --published -",
        message("the same, with the lock file of another branch"),
    ),
)


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar=message("FOLDER").text(language),
        help=message("the folder of policies").text(language),
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help=message("only compare the versions with what is recorded; record nothing").text(
            language
        ),
    )
    parser.add_argument(
        "--published",
        metavar=message("LOCKFILE").text(language),
        help=message(
            "with --check: the lock file as it was published; all that it records must still be "
            "recorded (`-`: standard input)"
        ).text(language),
    )
    parser.add_argument(
        "--complete",
        action="store_true",
        help=message("with --check: a version that is not recorded is an error").text(language),
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help=message("how problems are written").text(language),
    )


def run(options: argparse.Namespace) -> int:
    """Do it."""
    if options.check:
        return _check(options)
    if options.published is not None or options.complete:
        option = "--complete" if options.published is None else "--published"
        text = message("`{option}` goes with `--check` only", option=option)
        return complain(text, options.language, USAGE)
    return _record(options)


# ------------------------------------------------------------------------------- recording


def _record(options: argparse.Namespace) -> int:
    from policyeval.policy.lock import check_lock, read_lock, write_lock
    from policyeval.policy.published import check_new
    from policyeval.policy.repository import read_folder

    language: str = options.language
    library = read_folder(policies_folder(options.path, or_file=True))
    library.refuse()
    found = [each for each in check_lock(library) if each.severity == "error"]
    found += check_new(read_lock(library.root), library)
    if any(each.severity == "error" for each in found):
        show(write(found, options.format, language), _kind(options))
        return FINDINGS
    if found:
        tell(write(found, "text", language))
    lines = [
        message("recorded {version}", version=each).text(language) for each in write_lock(library)
    ]
    show("\n".join(lines) or message("nothing new to record").text(language))
    return FINE


# ------------------------------------------------------------------------------- checking


def _check(options: argparse.Namespace) -> int:
    from policyeval.policy.repository import read_folder

    language: str = options.language
    library = read_folder(policies_folder(options.path, or_file=True))
    found = list(_problems(library, options))
    written = write(found, options.format, language)
    if written:
        show(written, _kind(options))
    if options.format == "text":
        versions = sum(each.digest is not None for each in library.files)
        counted = message("versions: {versions}", versions=versions)
        tell(f"{counted.text(language)}; {summary(found, language)}")
    return FINDINGS if any(each.severity == "error" for each in found) else FINE


def _problems(library: "Library", options: argparse.Namespace) -> Iterator[Diagnostic]:
    """Give what makes the folder another than the published one, and what keeps that from being seen.

    Warnings that are not about what is recorded are for `policyeval check`.
    """
    from policyeval.policy.lock import read_lock
    from policyeval.policy.published import check_new, check_published

    for each in library.diagnostics:
        if each.severity == "error":
            yield each
        elif each.code == "registry.not-locked":
            yield replace(each, severity="error") if options.complete else each
    lock = read_lock(library.root)
    if options.published is None:
        yield from check_new(lock, library)
        return
    published = _published(options.published, options.language)
    yield from published.diagnostics
    if not published.diagnostics:
        yield from check_published(published, lock, library)


def _published(name: str, language: str) -> "Lock":
    """Read the lock file that was published; one that cannot be read has its problem in it."""
    from policyeval.policy.files import Root, not_a_file, read_bytes, shown
    from policyeval.policy.lock import BYTES, Lock, lock_of
    from policyeval.source import Source

    if name == "-":
        data: bytes | Diagnostic
        data = sys.stdin.buffer.read(BYTES + 1) if sys.stdin is not None else b""
        name = message("standard input").text(language)
        if len(data) > BYTES:
            text = message("more than {limit} bytes are no lock file", limit=BYTES)
            data = not_a_file(Path(name), text)
    else:
        path = Path(name)
        data = read_bytes(path, Root.of(path.parent), BYTES)
        name = shown(path)
    if isinstance(data, Diagnostic):
        return Lock((), Source("", name), (data,))
    return lock_of(data, name)


def _kind(options: argparse.Namespace) -> Kind:
    return "problems" if options.format == "text" else "plain"
