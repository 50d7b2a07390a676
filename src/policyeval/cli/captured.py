"""Captures of a watched source: the files themselves, and a line on each in `captures.jsonl`."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from policyeval.cli.seen import Known, Seen, stamp
from policyeval.errors import PolicyError
from policyeval.policy.files import cannot_write

JOURNAL: Final = "captures.jsonl"
_LARGEST: Final = 64 * 1024 * 1024
_ENDS: Final = (".html", ".htm", ".xhtml", ".pdf", ".txt", ".md")


class Captures:
    """The captures of one address, in a folder, or remembered only if there is none."""

    def __init__(self, folder: Path | None, address: str) -> None:
        self._folder = folder
        self._address = address
        self._known = Known()
        if folder is not None:
            for line in _lines(folder / JOURNAL):
                if line.get("source") == address:
                    self._known = Known(
                        _text(line, "sha256"), _text(line, "etag"), _text(line, "last_modified")
                    )

    def known(self) -> Known:
        """Give what is known of the last capture."""
        return self._known

    def keep(self, seen: Seen, at: datetime) -> Path | None:
        """Keep a capture, unless it is the same as the last one; then nothing is kept.

        Raises:
            PolicyError: It cannot be written.
        """
        assert seen.raw is not None, "there is something to keep"
        digest = sha256(seen.raw).hexdigest()
        before = self._known
        self._known = Known(digest, seen.etag, seen.last_modified)
        is_new = digest != before.sha256
        name = Path(f"{stamp(at).replace(':', '').replace('-', '')}-{digest[:12]}{_end(seen.name)}")
        if self._folder is not None and (is_new or before != self._known):
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                if is_new:
                    _write(self._folder / name, seen.raw)
                self._note(seen, at, digest, name.name if is_new else None)
            except OSError as error:
                raise PolicyError([cannot_write(self._folder, error)]) from error
        return name if is_new else None

    def _note(self, seen: Seen, at: datetime, digest: str, name: str | None) -> None:
        assert self._folder is not None, "asked before"
        assert seen.raw is not None, "there is something to keep"
        line = {
            "at": stamp(at),
            "source": self._address,
            "status": seen.status,
            "etag": seen.etag,
            "last_modified": seen.last_modified,
            "sha256": digest,
            "bytes": len(seen.raw),
            "file": name,
        }
        written = json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
        with (self._folder / JOURNAL).open("ab+") as file:
            if file.tell() and _last_byte(file.fileno(), file.tell()) != b"\n":
                written = b"\n" + written  # whoever wrote the last line was interrupted
            file.write(written)
            file.flush()
            os.fsync(file.fileno())


def _last_byte(descriptor: int, size: int) -> bytes:
    return os.pread(descriptor, 1, size - 1) if hasattr(os, "pread") else b"\n"


def _write(path: Path, raw: bytes) -> None:
    """Write a file at once, under another name until it is whole."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _lines(path: Path) -> Iterator[Mapping[str, object]]:
    """Read the journal; a line that is none, because its writer was interrupted, is passed over."""
    try:
        if path.stat().st_size > _LARGEST:
            return
        found = path.read_bytes().split(b"\n")
    except OSError:
        return
    for each in found:
        try:
            line = json.loads(each) if each.strip() else None
        except (ValueError, RecursionError):
            continue
        if isinstance(line, dict):
            yield line


def _text(line: Mapping[str, object], key: str) -> str | None:
    found = line.get(key)
    return found if isinstance(found, str) else None


def _end(name: str) -> str:
    lowered = name.lower()
    return next((each for each in _ENDS if lowered.endswith(each)), "")
