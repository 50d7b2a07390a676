"""`policyeval verify`: whether a log of decisions is as it was written."""

import argparse
import json
import re
from typing import TYPE_CHECKING

from policyeval.cli.showing import show
from policyeval.cli.words import FINDINGS, FINE, USAGE, add_format
from policyeval.console import complain, tell
from policyeval.diagnostics import render
from policyeval.messages import message

if TYPE_CHECKING:
    from policyeval.records.findings import Verification
    from policyeval.records.model import Head

SUMMARY = message("check that a log of decisions is as it was written, and name what is not")
EXAMPLES = (
    ("policyeval verify decisions.jsonl", message("every line, and what to keep elsewhere")),
    (
        "policyeval verify decisions.jsonl --head 1041:5f0c…",
        message("also that nothing is missing at the end, by what was kept"),
    ),
    (
        "policyeval verify 2024-06.jsonl 2024-07.jsonl --format json",
        message("several files that follow on each other, the oldest first; for a program to read"),
    ),
)

_HEAD = re.compile(r"([0-9]{1,18}):([0-9A-Fa-f]{64})")


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "log",
        nargs="+",
        metavar=message("LOG").text(language),
        help=message("the file; of several that follow on each other, the oldest first").text(
            language
        ),
    )
    parser.add_argument(
        "--head",
        metavar=message("NUMBER:HASH").text(language),
        help=message(
            "a record's number and hash that were kept elsewhere; without them nobody sees that the "
            "end is missing"
        ).text(language),
    )
    add_format(parser, language)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    language: str = options.language
    head = _HEAD.fullmatch(options.head) if options.head is not None else None
    if options.head is not None and head is None:
        text = message("`{option}`: `{text}` is no head", option="--head", text=options.head[:80])
        complain(text, language, USAGE)
        help_ = message("write a number, a colon, and the 64 digits of the hash").text(language)
        tell(f"   {message('help').text(language)}: {help_}")
        return USAGE

    from policyeval.records.model import Head
    from policyeval.records.problems import LogError
    from policyeval.records.verifying import verify

    try:
        found = verify(
            *options.log, head=None if head is None else Head(int(head[1]), head[2].lower())
        )
    except LogError as error:
        tell(error.render(language))
        return USAGE
    if options.format == "json":
        show(json.dumps(_data(found, options.log, language), indent=2))
    elif found.good:
        show(_said(found, language))
    else:
        show("\n\n".join(render(each.diagnostic, language) for each in found.problems), "problems")
        if found.more:
            tell(
                message(
                    "there is more; the first {count} are shown", count=len(found.problems)
                ).text(language)
            )
    return FINE if found.good else FINDINGS


def _said(found: "Verification", language: str) -> str:
    lines = [message("records: {count}; every line is as it was written", count=found.records)]
    if found.follows is not None:
        lines.append(message("follows on record {seq} of another file", seq=found.follows.seq))
    lines.append(
        message(
            "keep this elsewhere, for `{option}`: {head}", option="--head", head=str(found.head)
        )
    )
    return "\n".join(each.text(language) for each in lines)


def _data(found: "Verification", logs: list[str], language: str) -> dict[str, object]:
    return {
        "logs": logs,
        "good": found.good,
        "records": found.records,
        "follows": _head(found.follows),
        "head": _head(found.head),
        "problems": [
            {
                "log": each.place.path,
                "line": each.place.line,
                "kind": each.kind,
                "text": each.diagnostic.message.text(language),
            }
            for each in found.problems
        ],
        "more": found.more,
    }


def _head(head: "Head | None") -> dict[str, object] | None:
    return None if head is None else {"seq": head.seq, "hash": head.hash}
