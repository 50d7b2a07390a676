"""What all versions of a programme share, from `programme.yaml`."""

from collections.abc import Sequence
from hashlib import sha256

from policyeval.feel.characters import normal
from policyeval.messages import LANGUAGES
from policyeval.policy import yaml
from policyeval.policy.loading import texts
from policyeval.policy.loading.formulas import formula
from policyeval.policy.loading.reader import Reader
from policyeval.policy.loading.readings import reading
from policyeval.policy.model import ASKED_ON, Formula, Governing, Programme, Text
from policyeval.policy.problems import Problems
from policyeval.policy.schema import check_structure, words
from policyeval.policy.yaml import Document, Mapping


def load_programme(
    raw: bytes, name: str, *, languages: Sequence[str] = ("sv", "de", "en")
) -> Programme:
    """Read what all versions of a programme share; arguments as for `load_policy`.

    Raises:
        PolicyError: The file cannot be used; the error holds every problem that was found.
    """
    document = yaml.read(raw, name)
    problems = Problems(document.source)
    problems.add(document.warnings)
    found = read_programme(document, problems, sha256(raw).hexdigest(), languages=languages)
    problems.refuse()
    assert found is not None  # or else a problem says why
    return found


def read_programme(
    document: Document,
    problems: Problems,
    digest: str = "",
    *,
    languages: Sequence[str] = ("sv", "de", "en"),
) -> Programme | None:
    """Make a programme of a file's tree, or report why there is none."""
    if not check_structure(document, "programme", problems):
        return None
    return programme_of(document, problems, digest, languages=languages)


def programme_of(
    document: Document,
    problems: Problems,
    digest: str = "",
    *,
    languages: Sequence[str] = ("sv", "de", "en"),
) -> Programme | None:
    """Make a programme of a tree of whatever shape; None if a problem of it was or is reported."""
    reader = Reader(problems, tuple(each for each in languages if each in LANGUAGES))
    root = reader.mapping(document.root)
    found = None if root is None else _programme(reader, root, digest)
    reader.tell_shape()
    return None if problems.fatal else found


def _programme(reader: Reader, root: Mapping, digest: str) -> Programme | None:
    reader.names = frozenset({ASKED_ON})
    reader.needed(root, "format")
    name = reader.needed_string(root, "programme", "programme")
    title = texts.needed(reader, root, "title")
    zone = reader.needed_string(root, "zone", "zone")
    currency = yaml.find(root, "currency")
    money = reader.string(currency.value, "currency") if currency else None
    reader.needed(root, "parties")
    parties: dict[str, Text] = {}
    for each in reader.section(root, "parties"):
        called = texts.text(reader, each.value, each.key)
        if reader.written(each.key, "name") and called is not None:
            parties[normal(each.key.text)] = called
    governed_by = _governing(reader, root)
    limits = yaml.find(root, "limits")
    items = reader.items(limits.value) if limits else ()
    said = [texts.text(reader, each) for each in items]
    if name is None or title is None or zone is None or governed_by is None:
        return None
    return Programme(
        name=name,
        title=title,
        zone=zone,
        currency=money,
        parties=parties,
        governed_by=governed_by,
        limits=tuple(each for each in said if each is not None),
        digest=digest,
        source=reader.source,
    )


def _governing(reader: Reader, root: Mapping) -> Governing | None:
    entry = reader.needed(root, "governed_by")
    node = reader.mapping(entry.value) if entry else None
    if entry is None or node is None:
        return None
    found = reading(reader, entry)
    days: dict[str, Formula] = {}
    for option in reader.section(node, "options"):
        given = option.value
        if not isinstance(given, Mapping):
            continue
        day = yaml.find(given, "day")
        if day is not None:
            expression = formula(reader, day.value)
            if expression is not None:
                days[normal(option.key.text)] = expression
        elif yaml.find(given, "rejected") is None:
            words.one_needed(reader.shape, given, option.key, ["day", "rejected"])
    decisions: dict[str, Formula] = {}
    for each in reader.section(node, "decisions"):
        named = reader.written(each.key, "name")
        expression = formula(reader, each.value)
        if named and expression is not None:
            decisions[normal(each.key.text)] = expression
    return None if found is None else Governing(found, days, decisions)
