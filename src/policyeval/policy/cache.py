"""Programmes as they were read and checked, kept on disk so that a command starts quickly.

Nothing depends on it: a file that is missing, torn, old, foreign or open to others is passed over and
written anew. What is kept is named by everything that it was made from: the bytes of the programme's
files, where they lie, this package's own files, the version of Python, and those of the packages that
are installed. `POLICYEVAL_CACHE=off` switches it off.

A programme is kept where nothing is wrong with it (`Kept`); what a check found in its folder is kept
whether or not (`Outcome`), which is less and so read more quickly.

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
from functools import cache
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
"""Programmes that are kept; when another is written, the oldest of them goes."""

OUTCOMES: Final = 2_000
"""What was found by checks that is kept; an eighth more is borne until the oldest go."""

_ENDING: Final = ".programme"
_OUTCOME: Final = ".outcome"
_HEADER: Final = b"policyeval cache 2\n"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read from the folder of a programme in which nothing is wrong."""

    programme: Programme
    versions: tuple[ValidPolicy, ...]
    files: tuple[VersionFile, ...]
    warnings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found in the folder of a programme, without its comparison with the lock file.

    Attributes:
        is_programme: Whether anything in the folder is meant to be one.
        usable: Whether nothing found is an error.
        versions: How many versions can be used.
        files: Every version's file; of its text no more than the beginning.
        found: In the order in which it was found.
        of_cases: What is wrong with its golden cases.
    """

    name: str
    is_programme: bool
    usable: bool
    versions: int
    files: tuple[VersionFile, ...]
    found: tuple[Diagnostic, ...]
    of_cases: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of what is kept."""

    folder: Path

    def load(self, key: str) -> Kept | None:
        """Give the programme that is kept under a key, or None."""
        kept = self._load(f"{key}{_ENDING}", key)
        return kept if isinstance(kept, Kept) else None

    def save(self, key: str, kept: Kept) -> None:
        """Keep a programme, if that can be done."""
        if self._save(f"{key}{_ENDING}", key, kept):
            self._drop_oldest(_ENDING, KEPT, KEPT)

    def load_outcome(self, key: str) -> Outcome | None:
        """Give what a check found that is kept under a key, or None."""
        kept = self._load(f"{key}{_OUTCOME}", key)
        return kept if isinstance(kept, Outcome) else None

    def save_outcome(self, key: str, outcome: Outcome) -> None:
        """Keep what a check found, if that can be done."""
        if self._save(f"{key}{_OUTCOME}", key, outcome):
            self._drop_oldest(_OUTCOME, OUTCOMES, OUTCOMES + OUTCOMES // 8)

    def _load(self, name: str, key: str) -> object:
        data = _own_bytes(self.folder / name)
        head = _HEADER + key.encode() + b"\n"
        if data is None or not data.startswith(head):
            return None
        digest, payload = data[len(head) :][:32], memoryview(data)[len(head) + 32 :]
        if sha256(payload).digest() != digest:
            return None
        collecting = gc.isenabled()
        gc.disable()  # there is nothing to be collected among what is being made
        try:
            return _Reader(io.BytesIO(payload)).load()
        except _BROKEN:
            return None
        finally:
            if collecting:
                gc.enable()

    def _save(self, name: str, key: str, kept: object) -> bool:
        buffer = io.BytesIO()
        try:
            _Writer(buffer, protocol=5).dump(kept)
        except _BROKEN:
            return False
        payload = buffer.getvalue()
        if len(payload) > BYTES // 2:
            return False
        data = _HEADER + key.encode() + b"\n" + sha256(payload).digest() + payload
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_own(self.folder.stat()):
                _write(self.folder / name, data)
                return True
        return False

    def _drop_oldest(self, ending: str, kept: int, borne: int) -> None:
        """Keep so many files of a kind, once there are more than are borne."""
        with suppress(OSError):
            every = list(self.folder.glob(f"*{ending}"))
            if len(every) > borne:
                every.sort(key=lambda each: each.stat().st_mtime_ns)
                for each in every[:-kept]:
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
    whole.update(_engine())
    for name, data in files:
        whole.update(repr((name, sha256(data).hexdigest())).encode())
    return whole.hexdigest()


@cache
def _engine() -> bytes:
    """Give what changes when the package does, or another that it may use; not while a process runs."""
    return repr((_files_of_package(), _installed())).encode()


def _files_of_package() -> list[tuple[str, int, int]]:
    """Give sizes and times of the package's own files; its schemas lie beside it in a checkout."""
    seen: list[tuple[str, int, int]] = []
    package = Path(__file__).parents[1]
    pending = [str(package), *(str(each / "schema") for each in package.parents[1:2])]
    while pending:
        with suppress(OSError), os.scandir(pending.pop()) as entries:
            for each in entries:
                if each.is_dir():
                    if each.name != "__pycache__":
                        pending.append(each.path)
                elif each.name.endswith((".py", ".json", ".lark")):
                    status = each.stat()
                    seen.append((each.path, status.st_size, status.st_mtime_ns))
    return sorted(seen)


def _installed() -> list[str]:
    """Give the names and versions of what is installed, as their folders have them."""
    found: set[str] = set()
    for folder in sys.path:
        with suppress(OSError), os.scandir(folder) as entries:
            found.update(
                each.name for each in entries if each.name.endswith((".dist-info", ".egg-info"))
            )
    return sorted(found)


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
        if type(given) is Message:
            return Message, (
                given.template,
                {name: _said(each) for name, each in given.fields.items()},
            )
        return NotImplemented


def _said(value: object) -> object:
    """Give a value of a message's field, or its text, which is what is shown of it."""
    if isinstance(value, Message) or type(value) in {str, int, bool, Decimal, date, datetime}:
        return value
    return str(value)


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
    yield from (
        Diagnostic,
        Kept,
        Message,
        Outcome,
        Source,
        Span,
        VersionFile,
        _proxy,
        _valid,
        worded,
    )
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
