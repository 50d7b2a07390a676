"""What must hold between a file and its name, and between the versions of a programme."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from policyeval.diagnostics import Diagnostic, Severity, did_you_mean
from policyeval.errors import PolicyError
from policyeval.messages import Message, message
from policyeval.policy import yaml
from policyeval.policy.ids import is_programme_id, is_version_id
from policyeval.policy.model import Policy, Programme, ValidPolicy
from policyeval.policy.versions import boundaries, first_day, in_order, known_moment
from policyeval.source import Source, Span


def wrong_names(policy: Policy, programme: str, version: str) -> Iterator[Diagnostic]:
    """Say where a version's file calls itself otherwise than its folder and its name do."""
    if policy.version != version:
        yield _wrong_name(policy.source, "version", policy.version, version)
    if policy.programme != programme:
        yield _wrong_name(policy.source, "programme", policy.programme, programme)


def wrong_programme_name(programme: Programme, folder: str) -> Iterator[Diagnostic]:
    """Say where a programme's file calls itself otherwise than its folder."""
    if programme.name != folder:
        yield _wrong_name(programme.source, "programme", programme.name, folder)


def timeline_problems(versions: Sequence[ValidPolicy]) -> Iterator[Diagnostic]:
    """Find versions that contradict each other, and days between them on which none is in force."""
    yield from _overlaps(versions)
    yield from _gaps(versions)


def unknown_questions(
    programme: Programme, versions: Sequence[ValidPolicy]
) -> Iterator[Diagnostic]:
    """Say where `governed_by.decisions` names what is no decision of any version."""
    known = {name for each in versions for name in each.policy.decisions}
    for name, formula in programme.governed_by.decisions.items():
        if name not in known:
            yield Diagnostic(
                "policy.unknown-value",
                message("no version has a decision `{name}`", name=name),
                formula.scalar.span,
                programme.source,
                did_you_mean(name, known),
            )


# ------------------------------------------------------------------------------- names


def _wrong_name(source: Source, key: str, written: str, wanted: str) -> Diagnostic:
    span = place_of(source, key)
    acceptable = is_version_id(written) if key == "version" else is_programme_id(written)
    if not acceptable:
        text = message("`{name}` cannot be a name here", name=written[:80])
        return Diagnostic("registry.bad-id", text, span, source, NAMING)
    text = (
        message("the file says version `{name}`, and its own name is another", name=written)
        if key == "version"
        else message(
            "the file says programme `{name}`, and its folder's name is another", name=written
        )
    )
    help_ = message("write `{name}` here, or rename it", name=wanted)
    return Diagnostic("registry.wrong-name", text, span, source, help_)


NAMING = message(
    "a name has at most 64 of the letters a to z, digits, `-`, `_` and `.`; a programme's begins with "
    "a letter, and it is no word that a system keeps for itself"
)


# ------------------------------------------------------------------------------- days


def _overlaps(versions: Sequence[ValidPolicy]) -> Iterator[Diagnostic]:
    seen: dict[tuple[date, int], Policy] = {}
    for each in in_order(versions):
        first = seen.setdefault((first_day(each), known_moment(each)), each.policy)
        if first is not each.policy:
            yield _about(
                each.policy,
                "from",
                "registry.overlap",
                message(
                    "`{file}` is in force from the same day and known from the same moment",
                    file=first.source.name,
                ),
                message(
                    "a correction says from when it was known: give it a later `known_from`; or let "
                    "one begin later"
                ),
            )


def _gaps(versions: Sequence[ValidPolicy]) -> Iterator[Diagnostic]:
    timeline = boundaries(versions)
    for before, gap, after in zip(timeline, timeline[1:], timeline[2:], strict=False):
        if gap.version is None and before.version and after.version and gap.first and after.first:
            yield _about(
                after.version.policy,
                "from",
                "registry.gap",
                message(
                    "no version is in force from {first} to {last}, after `{file}`",
                    first=gap.first,
                    last=after.first - timedelta(days=1),
                    file=before.version.policy.source.name,
                ),
                message(
                    "on these days no decision is covered; if that is not meant, move one of the days"
                ),
                severity="warning",
            )


def _about(
    policy: Policy,
    key: str,
    code: str,
    text: Message,
    help_: Message,
    *,
    severity: Severity = "error",
) -> Diagnostic:
    span = place_of(policy.source, "in_force", key)
    return Diagnostic(code, text, span, policy.source, help_, severity)


# ------------------------------------------------------------------------------- places


def place_of(source: Source, *keys: str) -> Span:
    """Find where the value of a key of a file is written, as far down as the keys lead.

    The records do not keep the places of days and names; the file is read again where one is needed.
    """
    try:
        node: yaml.Node = yaml.read(source.text.encode(), source.name or "").root
    except (PolicyError, UnicodeEncodeError):
        return Span(0, 0)
    span = Span(0, 0)
    for key in keys:
        entry = yaml.find(node, key) if isinstance(node, yaml.Mapping) else None
        if entry is None:
            break
        node = entry.value
        span = node.span if isinstance(node, yaml.Scalar) else entry.key.span
    return span
