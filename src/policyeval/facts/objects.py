"""Objects among the facts: their names, and what an object says of a value that is not known."""

from collections.abc import Callable, Mapping
from typing import Final

from policyeval.diagnostics import did_you_mean
from policyeval.facts import plain
from policyeval.facts.problems import Path
from policyeval.facts.refusal import Refused, cut
from policyeval.facts.run import Given, Reader, Run
from policyeval.messages import message

# A longer name is no slip of a known one, and comparing it would take time.
LONGEST_NAME: Final = 64
UNKNOWN: Final = '{"unknown": true}'
"""How a value that is not known is written."""

Named = dict[str, tuple[str, object]]
"""Entries by the name that is compared: the name as it was given, and the value."""


def names_of(given: object, path: Path, run: Run) -> Named:
    """Give the entries of an object; names that are none, or are given twice, are told.

    Raises:
        Refused: It was changed while it was read.
    """
    found: Named = {}
    for key, value in plain.entries(given):
        raw = name_of(key, given, path, run)
        if raw is None:
            continue
        name = plain.composed(raw)
        if name in found:
            run.problems.refuse((*path, raw), value, twice(name), named=True)
        else:
            found[name] = (raw, value)
    return found


def name_of(key: object, given: object, path: Path, run: Run) -> str | None:
    """Give the name of an entry, or tell that it is none."""
    if type(key) is str:
        return key
    try:
        return plain.name(key)
    except Refused as refused:
        run.problems.refuse(path, given, refused)
        return None


def twice(name: str) -> Refused:
    """Refuse a name that was there before."""
    return Refused(
        "input.duplicate-name",
        message("`{name}` is given twice", name=cut(name)),
        message("they look the same but are made of different characters; delete one of them"),
    )


def read_declared(
    given: object,
    readers: Mapping[str, Reader],
    unknown: Callable[[str], Refused],
    run: Run,
    *,
    around: str = "",
    path: Path = (),
) -> dict[str, Given]:
    """Read the entries of an object by their declarations.

    Args:
        given: The object.
        readers: Name to reader.
        unknown: Says why a name is refused that is not declared.
        run: The transaction.
        around: What stands before the names of the parts.
        path: Where it stands.

    Raises:
        Refused: It was changed while it was read.
    """
    found: dict[str, Given] = {}
    for key, value in plain.entries(given):
        raw = name = key if type(key) is str else name_of(key, given, path, run)
        if raw is None or name is None:
            continue
        reader = readers.get(raw)
        if reader is None:
            name = plain.composed(raw)
            reader = readers.get(name)
        if reader is None:
            run.problems.refuse((*path, raw), value, unknown(name), named=True)
        elif name in found:
            run.problems.refuse((*path, raw), value, twice(name), named=True)
        else:
            found[name] = reader.read(value, around + name, (*path, raw), run)
    return found


def beside(key: str, allowed: tuple[str, ...]) -> Refused:
    """Refuse what stands beside an entry that says what is known of a value."""
    return Refused(
        "input.unknown-key",
        message("`{key}` cannot stand beside `{other}`", key=cut(key), other=allowed[0]),
        (did_you_mean(key, allowed) if len(key) <= LONGEST_NAME else None)
        or message("write it without `{key}`", key=cut(key)),
    )


def only_true(given: object, path: Path, run: Run) -> None:
    """Tell that `unknown` has another value than true."""
    if given is not True:
        what = message("`unknown` is only ever `true`")
        help_ = message("write the value itself, if it is known")
        run.problems.refuse(path, given, Refused("input.type", what, help_))


def not_ordered() -> Refused:
    """Refuse `between` for values that have no order."""
    return Refused(
        "input.between",
        message("`between` is for numbers, days and moments"),
        message("write the value, or `{example}` if it is not known", example=UNKNOWN),
    )
