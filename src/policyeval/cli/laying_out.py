"""The files that `policyeval fmt` is asked about, and each of them in the canonical layout."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from policyeval.diagnostics import Diagnostic
from policyeval.errors import PolicyError
from policyeval.messages import message
from policyeval.policy import yaml
from policyeval.policy.files import Root, names, not_a_file, read_bytes, reason, shown
from policyeval.policy.formatting import formatted
from policyeval.policy.lock import read_lock
from policyeval.policy.schema import Kind

_ENDING: Final = ".yaml"
_KINDS: Final[dict[str, Kind]] = {"programme.yaml": "programme", "cases.yaml": "cases"}


class Laid(NamedTuple):
    """A file, as it is and in the canonical layout.

    Attributes:
        published: Whether it is a version that was published; then it is not looked at.
    """

    path: Path
    old: bytes
    new: bytes
    published: bool


def laid_out(paths: Iterable[Path]) -> Iterator[Laid | Sequence[Diagnostic]]:
    """Give each file of some folders, or what is in its way, once and in order."""
    seen: set[Path] = set()
    for path in paths:
        for each in _files(path):
            if isinstance(each, Diagnostic):
                yield (each,)
            elif each not in seen:
                seen.add(each)
                yield _laid_out(each)


def _files(path: Path) -> Iterator[Path | Diagnostic]:
    """Give the files of a path: of the folder of a programme, or of every one in a folder."""
    try:
        if not path.is_dir():
            yield path
            return
    except (OSError, ValueError) as error:
        yield not_a_file(path, reason(error))
        return
    listed = names(path)
    if isinstance(listed, Diagnostic):
        yield listed
        return
    own = [path / each for each in listed if each.endswith(_ENDING)]
    yield from (each for each in own if not each.is_dir())
    if own:
        return
    for folder in (path / each for each in listed):
        if not folder.is_dir():
            continue
        inner = names(folder)
        if isinstance(inner, Diagnostic):
            yield inner
        else:
            yield from (folder / each for each in inner if each.endswith(_ENDING))


def _laid_out(path: Path) -> Laid | Sequence[Diagnostic]:
    folder = path.parent if path.parent.name else path.parent.resolve()
    root = Root.of(folder.parent)
    if not path.name.endswith(_ENDING):
        return (not_a_file(path, message("only files whose names end in `.yaml` are laid out")),)
    raw = read_bytes(path, root, yaml.BYTES)
    if isinstance(raw, Diagnostic):
        return (raw,)
    kind = _KINDS.get(path.name, "policy")
    if kind == "policy":
        lock = read_lock(root.path)
        if lock.diagnostics:  # what is published is not known then
            return lock.diagnostics
        if (folder.name, path.name.removesuffix(_ENDING)) in {each.key for each in lock.entries}:
            return Laid(path, raw, raw, published=True)
    try:
        return Laid(path, raw, formatted(raw, shown(path), kind), published=False)
    except PolicyError as error:
        return error.diagnostics
