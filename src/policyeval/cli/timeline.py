"""Which version is in force when, as rows: for a table, and for programs."""

from collections.abc import Sequence
from datetime import timedelta

from policyeval.cli.showing import table
from policyeval.messages import message
from policyeval.policy.model import Policy, ValidPolicy
from policyeval.policy.versions import Span, boundaries

Row = dict[str, str | bool | None]
"""`version` (None: no version), `from` and `until` (days, None: no end), `known_from`, `digest`, and
`in_force`: false for a version that a later one has replaced from its first day."""


def timeline(versions: Sequence[ValidPolicy]) -> list[Row]:
    """Give every stretch of time in order, then the versions that are in force at no time."""
    spans = boundaries(versions)
    rows: list[Row] = []
    for index, span in enumerate(spans):
        if span.version is None and index in (0, len(spans) - 1):
            continue  # before the first version and after the last there is nothing to be shown
        after = spans[index + 1].first if index + 1 < len(spans) else None
        last = None if after is None else (after - timedelta(days=1)).isoformat()
        first = None if span.first is None else span.first.isoformat()
        rows.append(_row(None if span.version is None else span.version.policy, first, last, True))
    replaced = [each for each in versions if not any(_is(each, span) for span in spans)]
    return rows + [_row(each.policy, None, None, False) for each in replaced]


def _is(version: ValidPolicy, span: Span) -> bool:
    return span.version is version


def _row(policy: Policy | None, first: str | None, last: str | None, in_force: bool) -> Row:
    return {
        "version": None if policy is None else policy.version,
        "in_force": in_force and policy is not None,
        "from": first,
        "until": last,
        "known_from": None if policy is None else policy.known_from.isoformat(),
        "digest": None if policy is None else policy.digest,
    }


def written(rows: Sequence[Row], language: str) -> str:
    """Write rows as a table."""
    heads = (
        message("version"),
        message("in force from"),
        message("until"),
        message("known from"),
        message("digest"),
    )
    cells = [
        [
            str(row["version"] or message("none").text(language)),
            *_force(row, language),
            str(row["known_from"] or "").replace("T", " "),
            str(row["digest"] or "")[:12],
        ]
        for row in rows
    ]
    return table(cells, [each.text(language) for each in heads])


def _force(row: Row, language: str) -> tuple[str, str]:
    if row["version"] is not None and not row["in_force"]:
        return message("never: it was replaced").text(language), ""
    first = row["from"] or message("since ever").text(language)
    last = row["until"] or message("until further notice").text(language)
    return str(first), str(last)
