"""Programmes as they were read and checked, kept on disk so that a command starts quickly.

Nothing depends on it: a file that is missing, torn, old, foreign or open to others is passed over and
written anew. What is kept is named by everything that it was made from: the bytes of the programme's
files, where they lie, this package's own files, and the version of Python. `POLICYEVAL_CACHE=off`
switches it off.

Records are kept as a pickle that can name the package's own record classes and a few of Python's
plain values and nothing else; the types of formulas, which belong to nodes in memory, are kept
beside the nodes.
"""

import gc
import io
import os
import pickle  # what it may name is restricted below, and only files of the user are read
import stat
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from policyeval.diagnostics import Diagnostic
from policyeval.feel import syntax, types, values
from policyeval.feel.types import Type
from policyeval.messages import Message, worded
from policyeval.policy import model
from policyeval.policy.library import VersionFile
from policyeval.policy.model import Formula, Policy, Programme, ValidPolicy
from policyeval.policy.never import NEVER
from policyeval.policy.yaml import nodes
from policyeval.source import Source, Span

if TYPE_CHECKING:
    from policyeval.feel.checker import Checked

BYTES: Final = 64 << 20
"""How large a file of the cache may be."""

KEPT: Final = 32
"""Files that are kept; when another is written, the oldest of them goes."""

_ENDING: Final = ".programme"
_HEADER: Final = b"policyeval cache 1\n"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read from the folder of a programme in which nothing is wrong."""

    programme: Programme
    versions: tuple[ValidPolicy, ...]
    files: tuple[VersionFile, ...]
    warnings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of kept programmes."""

    folder: Path

    def load(self, key: str) -> Kept | None:
        """Give what is kept under a key, or None."""
        data = _own_bytes(self.folder / f"{key}{_ENDING}")
        head = _HEADER + key.encode() + b"\n"
        if data is None or not data.startswith(head):
            return None
        digest, payload = data[len(head) :][:32], memoryview(data)[len(head) + 32 :]
        if sha256(payload).digest() != digest:
            return None
        collecting = gc.isenabled()
        gc.disable()  # there is nothing to be collected among what is being made
        try:
            kept = _Reader(io.BytesIO(payload)).load()
        except _BROKEN:
            return None
        finally:
            if collecting:
                gc.enable()
        return kept if isinstance(kept, Kept) else None

    def save(self, key: str, kept: Kept) -> None:
        """Keep something, if that can be done."""
        buffer = io.BytesIO()
        try:
            _Writer(buffer, protocol=5).dump(kept)
        except _BROKEN:
            return
        payload = buffer.getvalue()
        if len(payload) > BYTES // 2:
            return
        data = _HEADER + key.encode() + b"\n" + sha256(payload).digest() + payload
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_own(self.folder.stat()):
                _write(self.folder / f"{key}{_ENDING}", data)
                self._drop_oldest()

    def _drop_oldest(self) -> None:
        every = sorted(self.folder.glob(f"*{_ENDING}"), key=lambda each: each.stat().st_mtime_ns)
        for each in every[:-KEPT]:
            each.unlink(missing_ok=True)


def user_cache() -> Cache | None:
    """Give the user's cache, or None where it is switched off or there is no place for it."""
    if sys.platform == "win32" or os.environ.get("POLICYEVAL_CACHE") == "off":
        return None
    base = os.environ.get("XDG_CACHE_HOME") or ""
    if not base.startswith("/"):  # a relative one is to be ignored
        home = os.environ.get("HOME") or ""
        if not home.startswith("/"):
            return None
        base = f"{home}/.cache"
    return Cache(Path(base) / "policyeval")


def key_of(folder: str, files: Iterable[tuple[str, bytes]]) -> str:
    """Name what is made from files of a folder, by this package under this Python.

    Args:
        folder: As problems call it.
        files: Name and bytes of each.
    """
    whole = sha256(repr((folder, sys.version, sys.implementation.cache_tag)).encode())
    whole.update(_package())
    for name, data in files:
        whole.update(repr((name, sha256(data).hexdigest())).encode())
    return whole.hexdigest()


def _package() -> bytes:
    """Give what changes when the package does: sizes and times of its files."""
    seen: list[tuple[str, int, int]] = []
    pending = [str(Path(__file__).parents[1])]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for each in entries:
                if each.is_dir():
                    if each.name != "__pycache__":
                        pending.append(each.path)
                elif each.name.endswith((".py", ".json", ".lark")):
                    status = each.stat()
                    seen.append((each.path, status.st_size, status.st_mtime_ns))
    return repr(sorted(seen)).encode()


# ------------------------------------------------------------------------------- files


def _own_bytes(path: Path) -> bytes | None:
    """Read a file that nobody else can have written."""
    if sys.platform == "win32":
        return None
    try:
        if not _is_own(path.parent.stat()):
            return None
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(path, flags)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not (_is_own(status) and stat.S_ISREG(status.st_mode)) or status.st_size > BYTES:
                return None
            return file.read(BYTES)
    except OSError:
        return None


def _is_own(status: os.stat_result) -> bool:
    return (
        sys.platform != "win32"
        and status.st_uid == os.getuid()
        and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )


def _write(path: Path, data: bytes) -> None:
    """Write a file as a whole or not at all; only its user may read it."""
    import tempfile

    descriptor, temporary = tempfile.mkstemp(prefix=".", dir=path.parent)  # with mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


# ------------------------------------------------------------------------------- records

_BROKEN: Final = (
    ArithmeticError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
    pickle.PickleError,
)


def _proxy(entries: dict[object, object]) -> Mapping[object, object]:
    return MappingProxyType(entries)


_Typed = tuple[Formula, tuple[tuple[syntax.Node, Type], ...], tuple[Diagnostic, ...]]


def _valid(
    policy: Policy,
    programme: Programme,
    scope: Mapping[str, Type],
    order: tuple[str, ...],
    typed: tuple[_Typed, ...],
) -> ValidPolicy:
    from policyeval.feel.checker import Checked

    checked = {
        formula: Checked(MappingProxyType({id(node): type_ for node, type_ in pairs}), found)
        for formula, pairs, found in typed
    }
    return ValidPolicy(policy, programme, scope, checked, order)


class _Writer(pickle.Pickler):
    def reducer_override(self, given: object) -> Any:
        if isinstance(given, ValidPolicy):
            typed = tuple(_typed(formula, each) for formula, each in given.checked.items())
            return _valid, (given.policy, given.programme, given.scope, given.order, typed)
        if isinstance(given, MappingProxyType):
            return _proxy, (dict(given),)
        return NotImplemented


def _typed(formula: Formula, checked: "Checked") -> _Typed:
    nodes_ = {id(node): node for node in syntax.walk(formula.tree)}
    pairs = tuple((nodes_[each], type_) for each, type_ in checked.types.items() if each in nodes_)
    return formula, pairs, checked.diagnostics


def _records() -> Iterable[object]:
    """Give the classes of records, and the functions that make some of them again."""
    for module in (model, nodes, syntax, types, values):
        for each in module.__dict__.values():
            if isinstance(each, type) and each.__module__ == module.__name__:
                yield each
    yield from (Diagnostic, Kept, Message, Source, Span, VersionFile, _proxy, _valid, worded)
    yield from (Decimal, date, datetime, timedelta, timezone)


_NAMED: Final = {
    ("policyeval.policy.never", "NEVER"): NEVER,
    **{(each.__module__, each.__qualname__): each for each in _records()},  # type: ignore[attr-defined]  # classes and functions have both
}


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        try:
            return _NAMED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is no record") from None
