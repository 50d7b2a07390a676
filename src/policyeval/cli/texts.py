"""The text that a version was written from, if it is at hand."""

from dataclasses import dataclass
from pathlib import Path

from policyeval.analysis.drift.comparing import is_recorded, stands_for
from policyeval.analysis.drift.decoding import LARGEST, decoded, unreadable
from policyeval.messages import Message, message
from policyeval.policy.files import shown
from policyeval.policy.model import Policy

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class OldText:
    """The old text, or None; and what is to be said of it."""

    text: str | None
    notes: tuple[Message, ...] = ()


def old_text(policy: Policy, given: Path | None, new: Path | None, root: Path) -> OldText:
    """Find the text that a version was written from.

    A file that is given is used if it is that text: by its digest, or because every clause stands
    where the policy says. Otherwise the file that the policy names is looked for beside the new
    text, in `sources` beside the folder of policies, and in `sources` in it; there it is used only
    if its digest is the one recorded.

    Raises:
        UnsupportedError: The file that is given cannot be read, or is another text.
    """
    if given is not None:
        return OldText(_given(policy, given))
    name = Path(policy.written_from.file).name
    places = [root.absolute().parent / "sources", root / "sources"]
    if new is not None:
        places.insert(0, new.parent)
    notes: list[Message] = []
    for folder in places:
        path = folder / name
        if not name or not path.is_file():
            continue
        try:
            raw = _read(path)
        except OSError:
            continue
        if is_recorded(policy, raw):
            return OldText(decoded(raw, str(path)))
        if new is None or not _is_same(path, new):
            notes.append(
                message(
                    "`{file}` is not the text that the version was written from, by its digest; it "
                    "is not used",
                    file=shown(path),
                )
            )
    notes.append(
        message(
            "the old text is not at hand, so that only hashes are compared; give it with `--old`"
        )
    )
    return OldText(None, tuple(notes))


def named_file(path: Path) -> bytes:
    """Read a file that the reader named.

    Raises:
        UnsupportedError: It cannot be read.
    """
    try:
        if path.is_dir():
            raise unreadable(shown(path), message("this is a folder, where a file is wanted"))
        return _read(path)
    except (OSError, ValueError) as error:
        what = message("there is no such file")
        if not isinstance(error, FileNotFoundError):
            what = message("the file cannot be read")
        raise unreadable(shown(path), what) from None


def _read(path: Path) -> bytes:
    """Read no more of a file than a capture may have, and a byte by which to tell that it is more."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _given(policy: Policy, path: Path) -> str:
    raw = named_file(path)
    text = decoded(raw, shown(path))
    if is_recorded(policy, raw):
        return text
    other = stands_for(policy, text)
    recorded = any(each.sha256 is not None for each in policy.clauses.values())
    if other or not recorded:
        which = ", ".join([*other[:_SHOWN], *(["…"] if len(other) > _SHOWN else [])])
        raise unreadable(
            shown(path),
            message("this is not the text that the version was written from, by its digest"),
            message("other words stand in the place of these clauses: {clauses}", clauses=which)
            if other
            else message("record the hashes of the clauses with `policyeval clauses --write`"),
        )
    return text


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
