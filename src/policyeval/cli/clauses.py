"""`policyeval clauses`: the clauses of a policy against the text that it was written from."""

import argparse
from pathlib import Path

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
    add_format(parser, language)
    add_policies(parser, language)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from policyeval.cli.chosen import policies_of, version_named
    from policyeval.cli.recording import record
    from policyeval.cli.showing import show
    from policyeval.cli.states import as_json, as_table, in_words
    from policyeval.policy.clause_texts import compare, source_state

    language: str = options.language
    policies = policies_of(options)
    policy = version_named(policies, options.programme, options.version).policy
    try:
        raw = options.source.read_bytes()
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        what = message("the file `{file}` cannot be read as UTF-8", file=options.source)
        return complain(what, language, USAGE)
    states = compare(policy, text)
    whole = source_state(policy, raw)
    missing = {
        each.clause: each.digest for each in states if each.state == "not-recorded" and each.digest
    }
    if options.write and missing:
        record(policies.library, policy, missing)
    if options.format == "json":
        show(as_json(policy, whole, states))
    else:
        show(as_table(states, language), "table")
        tell(message("the text as a whole: {state}", state=in_words(whole)).text(language))
    if options.write:
        tell(message("hashes recorded: {count}", count=len(missing)).text(language))
    return FINDINGS if any(each.state in {"changed", "lines-missing"} for each in states) else FINE
