"""`policyeval clauses`: the clauses of a policy against the text that it was written from."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from policyeval.cli.words import (
    FINDINGS,
    FINE,
    USAGE,
    add_format,
    add_policies,
    add_programme,
    add_version,
)
from policyeval.console import complain, tell
from policyeval.messages import message

if TYPE_CHECKING:
    from policyeval.policy.clause_texts import ClauseState, Place
    from policyeval.policy.model import Policy

SUMMARY = message("compare the clauses of a policy with its source text, by their hashes")
EXAMPLES = (
    (
        "policyeval clauses ibas-ontrack-partner --source terms.sv.txt",
        message("which clauses are the same, which changed, and where they stand now"),
    ),
    (
        "policyeval clauses ibas-ontrack-partner --source terms.sv.txt --write",
        message("record the hashes that are still missing in the policy file"),
    ),
    (
        "policyeval clauses ibas-ontrack-partner --version 2027-01-01 --source new.sv.txt --renew",
        message("after the changed clauses have been read: also what changed, and what moved"),
    ),
)


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    add_programme(parser, language)
    parser.add_argument(
        "--source",
        type=Path,
        required=True,
        metavar=message("FILE").text(language),
        help=message("the source text, in UTF-8").text(language),
    )
    add_version(parser, language)
    parser.add_argument(
        "--write",
        action="store_true",
        help=message("record the hashes of clauses that have none").text(language),
    )
    parser.add_argument(
        "--renew",
        action="store_true",
        help=message(
            "as --write, and record the new hashes of clauses that changed and the new places of "
            "those that moved"
        ).text(language),
    )
    add_format(parser, language)
    add_policies(parser, language)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from policyeval.analysis.drift.decoding import kind_of
    from policyeval.cli.chosen import policies_of, version_named
    from policyeval.cli.recording import record, renew
    from policyeval.cli.showing import show
    from policyeval.cli.states import as_json, as_table, in_words
    from policyeval.policy.clause_texts import compare, places_now, source_state
    from policyeval.policy.files import reason

    language: str = options.language
    policies = policies_of(options)
    policy = version_named(policies, options.programme, options.version).policy
    try:
        raw = options.source.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        what = message(
            "the file `{file}` cannot be read: {reason}", file=options.source, reason=reason(error)
        )
        return complain(what, language, USAGE)
    except UnicodeDecodeError:
        what = message("the file `{file}` cannot be read as UTF-8", file=options.source)
        return complain(what, language, USAGE)
    if kind_of(raw, str(options.source)) != "text":
        what = message("the file `{file}` is no plain text, which has lines", file=options.source)
        return complain(what, language, USAGE)
    states = compare(policy, text)
    missing = {
        each.clause: each.digest for each in states if each.state == "not-recorded" and each.digest
    }
    renewed = 0
    if options.renew:
        now = places_now(states, text)
        left = not_renewable(policy, states, now, text)
        if left:
            what = message(
                "nothing is recorded, since it is not clear where these stand now: {clauses}",
                clauses=", ".join(left),
            )
            tell(what.text(language))
            tell(
                message(
                    "give the text with one paragraph on a line, as the version's own text has it, or "
                    "write `lines` and `sha256` by hand"
                ).text(language)
            )
            show(as_table(states, language), "table")
            return FINDINGS
        if now:
            renew(policies.library, policy, states, now)
            renewed = len(now)
    write = options.write or options.renew
    if write and missing:
        record(policies.library, policy, missing)
    if renewed:
        policies = policies_of(options)
        policy = version_named(policies, options.programme, policy.version).policy
        states = compare(policy, text)
    whole = source_state(policy, raw)
    if options.format == "json":
        show(as_json(policy, whole, states))
    else:
        show(as_table(states, language), "table")
        tell(message("the text as a whole: {state}", state=in_words(whole)).text(language))
    if write:
        tell(message("hashes recorded: {count}", count=len(missing)).text(language))
    if options.renew:
        tell(message("clauses renewed: {count}", count=renewed).text(language))
    return FINDINGS if any(each.state in _OTHER for each in states) else FINE


def not_renewable(
    policy: "Policy",
    states: "Sequence[ClauseState]",
    now: "Mapping[str, tuple[Place, str]]",
    text: str,
) -> list[str]:
    """Give the clauses of which it is not certain what stands for them in a text.

    A clause that is not found word for word, by its lines, has to be one that changed when layout is
    left aside, too: otherwise the lines of the text are others than those of the policy.
    """
    from policyeval.analysis.drift.comparing import drift

    other = [each for each in states if each.state in _OTHER]
    if not other:
        return []
    changed = {each.clause for each in drift(policy, text).clauses if each.state == "changed"}
    return [
        each.clause
        for each in other
        if each.clause not in now or (each.found is None and each.clause not in changed)
    ]


_OTHER = frozenset({"changed", "lines-missing"})
