"""`policyeval versions`: what is in force when."""

import argparse
import json
import sys
from datetime import timedelta

from policyeval.cli.words import FINE, add_policies, policies_folder, table
from policyeval.messages import message

SUMMARY = message("show which version of a programme is in force when")
EXAMPLES = (
    ("policyeval versions ibas-ontrack-partner", message("every version there is")),
    (
        "policyeval versions ibas-ontrack-partner --format json",
        message("for a program to read"),
    ),
)


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "programme",
        metavar=message("PROGRAMME").text(language),
        help=message("the programme's name").text(language),
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help=message("text for people, json for programs").text(language),
    )
    add_policies(parser, language)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from policyeval.evaluator.policies import load_policies
    from policyeval.policy.versions import boundaries

    language: str = options.language
    found = load_policies(policies_folder(options.policies)).versions(options.programme)
    spans = boundaries(found.versions)
    rows: list[dict[str, str | None]] = []
    for index, span in enumerate(spans):
        if span.version is None and index in (0, len(spans) - 1):
            continue
        after = spans[index + 1].first if index + 1 < len(spans) else None
        policy = None if span.version is None else span.version.policy
        rows.append(
            {
                "version": None if policy is None else policy.version,
                "from": None if span.first is None else span.first.isoformat(),
                "until": None if after is None else (after - timedelta(days=1)).isoformat(),
                "known_from": None if policy is None else policy.known_from.isoformat(),
                "digest": None if policy is None else policy.digest,
            }
        )
    if options.format == "json":
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return FINE
    heads = [
        message(each).text(language)
        for each in ("version", "in force from", "until", "known from", "digest")
    ]
    written = [
        [
            row["version"] or message("none").text(language),
            row["from"] or message("since ever").text(language),
            row["until"] or message("until further notice").text(language),
            (row["known_from"] or "").replace("T", " "),
            (row["digest"] or "")[:12],
        ]
        for row in rows
    ]
    sys.stdout.write(table(written, heads) + "\n")
    return FINE
