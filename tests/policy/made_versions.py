"""Versions of a made-up programme, with nothing in them but their days."""

from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from policyeval.diagnostics import Diagnostic
from policyeval.messages import message
from policyeval.policy import yaml
from policyeval.policy.model import (
    Clause,
    Governing,
    Policy,
    Programme,
    Reading,
    SourceText,
    Text,
    ValidPolicy,
)
from policyeval.policy.problems import Problems
from policyeval.policy.repository import Library, Readers, read_folder
from policyeval.source import Source, Span

NOWHERE = Span(0, 0)
ZONE = "Europe/Stockholm"


def text(english: str) -> Text:
    return Text({"en": (english,)}, span=NOWHERE)


def programme(name: str = "demo", zone: str = ZONE) -> Programme:
    reading = Reading("governed_by", (), "A1", text("which day"), {}, span=NOWHERE)
    source = Source(f"programme: {name}\n", f"policies/{name}/programme.yaml")
    governed = Governing(reading, {}, {})
    return Programme(name, text(name), zone, None, {}, governed, (), "0" * 64, source)


def policy(
    version: str = "v1",
    *,
    first: date | None = None,
    last: date | None = None,
    known: datetime | date = date(2000, 1, 1),
    programme: str = "demo",
    clauses: tuple[Clause, ...] = (),
    source_sha256: str | None = None,
) -> Policy:
    """Make a version; its file says what the record does."""
    days = [f"from: {first}"] if first else []
    days += [f"until: {last}"] if last else []
    written = (
        f"programme: {programme}\nversion: {version}\nin_force: {{{', '.join(days)}}}\n"
        f"known_from: {known.isoformat()}\n"
    )
    return Policy(
        programme=programme,
        version=version,
        in_force_from=first,
        in_force_until=last,
        known_from=known if isinstance(known, datetime) else datetime(*known.timetuple()[:3]),
        written_from=SourceText("source.txt", "en", source_sha256),
        clauses={each.id: each for each in clauses},
        parameters={},
        facts={},
        readings={},
        decisions={},
        consistent_when=(),
        remarks=(),
        overlays={},
        digest=sha256(written.encode()).hexdigest(),
        source=Source(written, f"policies/{programme}/{version}.yaml"),
    )


def valid(policy: Policy, zone: str = ZONE) -> ValidPolicy:
    return ValidPolicy(policy, programme(policy.programme, zone), {}, {}, ())


def version(
    name: str = "v1",
    first: date | None = None,
    last: date | None = None,
    known: datetime | date = date(2000, 1, 1),
    zone: str = ZONE,
) -> ValidPolicy:
    return valid(policy(name, first=first, last=last, known=known), zone)


# ------------------------------------------------------------------------------- as files


def _entries(document: yaml.Document) -> tuple[dict[str, str], dict[str, str]]:
    flat: dict[str, str] = {}
    days: dict[str, str] = {}
    for entry in document.root.entries if isinstance(document.root, yaml.Mapping) else ():
        match entry.value:
            case yaml.Scalar():
                flat[entry.key.text] = entry.value.text
            case yaml.Mapping(entries):
                days |= {
                    e.key.text: e.value.text for e in entries if isinstance(e.value, yaml.Scalar)
                }
            case _:
                pass
    return flat, days


def _read_policy(document: yaml.Document, problems: Problems, digest: str) -> Policy | None:
    flat, days = _entries(document)
    try:
        first, last = (
            date.fromisoformat(days[key]) if key in days else None for key in ("from", "until")
        )
        known = datetime.fromisoformat(flat["known_from"])
        made = policy(
            flat["version"], first=first, last=last, known=known, programme=flat["programme"]
        )
    except (KeyError, ValueError):
        problems.report("schema.required", message("the file is empty"), NOWHERE)
        return None
    if "odd" in document.source.text:
        problems.report("text.script", message("the file is empty"), NOWHERE, severity="warning")
    return replace(made, digest=digest, source=document.source)


def _read_programme(document: yaml.Document, problems: Problems, digest: str) -> Programme | None:
    flat, _ = _entries(document)
    if "programme" not in flat:
        problems.report("schema.required", message("the file is empty"), NOWHERE)
        return None
    return replace(programme(flat["programme"]), digest=digest, source=document.source)


def _validate(policy: Policy, programme: Programme, problems: Problems) -> ValidPolicy | None:
    if "ungoverned" in programme.source.text:
        at = programme.source.text.index("ungoverned")
        text = message("unknown name `{name}`", name="ungoverned")
        problems.add([Diagnostic("feel.unknown-name", text, Span(at, at + 5), programme.source)])
        return None
    if "wrong" in policy.source.text:
        at = policy.source.text.index("wrong")
        problems.report(
            "feel.unknown-name", message("unknown name `{name}`", name="wrong"), Span(at, at + 5)
        )
        return None
    return ValidPolicy(policy, programme, {}, {}, ())


READERS = Readers(_read_policy, _read_programme, _validate)
"""Readers of files that say a programme, a version and its days, and nothing else."""


def write_programme(folder: Path, **versions: str) -> Path:
    """Write a programme's folder; each version's file is named `v1` and so on, and says its days."""
    folder.mkdir(parents=True)
    (folder / "programme.yaml").write_text(
        f"programme: {folder.name}\n", encoding="utf-8", errors="replace"
    )
    for name, days in versions.items():
        write_version(folder, name, days)
    return folder


def write_version(
    folder: Path, name: str, days: str = "{from: 2020-01-01}", more: str = ""
) -> Path:
    path = folder / f"{name}.yaml"
    written = (
        f"programme: {folder.name}\nversion: {name}\nin_force: {days}\nknown_from: 2019-12-01\n"
    )
    path.write_text(written + more, encoding="utf-8", errors="replace")
    return path


def read(path: Path | str) -> Library:
    return read_folder(path, READERS)


def found(library: Library, root: Path) -> list[tuple[str, str, str]]:
    """Give severity, code and file (below `root`) of what was found, without what is not recorded."""
    return [
        (each.severity, each.code, (each.source.name or "").removeprefix(f"{root.as_posix()}/"))
        for each in library.diagnostics
        if each.code != "registry.not-locked"
    ]
