"""`policyeval clauses`: the clauses of a policy against the text that it was written from."""

import argparse
import json
import sys
from pathlib import Path

from policyeval.cli.words import FINDINGS, FINE, USAGE, add_policies, policies_folder, table
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
    parser.add_argument(
        "programme",
        metavar=message("PROGRAMME").text(language),
        help=message("the programme's name").text(language),
    )
    parser.add_argument(
        "--source",
        type=Path,
        required=True,
        metavar=message("FILE").text(language),
        help=message("the source text, in UTF-8").text(language),
    )
    parser.add_argument(
        "--version",
        metavar=message("VERSION").text(language),
        help=message("the version; the newest if left out").text(language),
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help=message("record the hashes of clauses that have none").text(language),
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
    from policyeval.cli.chosen import version_named
    from policyeval.cli.recording import recorded
    from policyeval.evaluator.policies import load_policies
    from policyeval.policy.clause_texts import compare, source_state

    language: str = options.language
    policies = load_policies(policies_folder(options.policies))
    version = version_named(policies, options.programme, options.version)
    policy = version.policy
    try:
        raw = options.source.read_bytes()
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        what = message("the file `{file}` cannot be read as UTF-8", file=options.source)
        return complain(what, language, USAGE)
    states = compare(policy, text)
    missing = {each.clause: each.digest for each in states if each.state == "not-recorded"}
    if options.write and missing:
        path = Path(policy.source.name or "")
        path.write_bytes(
            recorded(path.read_bytes(), str(path), {k: v for k, v in missing.items() if v})
        )
    if options.format == "json":
        data = {
            "programme": policy.programme,
            "version": policy.version,
            "source": source_state(policy, raw),
            "clauses": [
                {
                    "clause": each.clause,
                    "state": each.state,
                    "lines": list(each.place.lines),
                    "sha256": each.digest,
                    "found_on_lines": None if each.found is None else list(each.found.lines),
                }
                for each in states
            ],
        }
        sys.stdout.write(json.dumps(data, indent=2) + "\n")
    else:
        heads = [message(each).text(language) for each in ("clause", "state", "lines", "hash")]
        rows = [
            [
                each.clause,
                _STATES[each.state].text(language)
                + ("" if each.found is None else " → " + _lines(each.found.lines)),
                _lines(each.place.lines),
                (each.digest or "")[:16],
            ]
            for each in states
        ]
        sys.stdout.write(table(rows, heads) + "\n")
        whole = _STATES[source_state(policy, raw)].text(language)
        tell(message("the text as a whole: {state}", state=whole).text(language))
        if options.write and missing:
            tell(message("hashes recorded: {count}", count=len(missing)).text(language))
    return FINDINGS if any(each.state in {"changed", "lines-missing"} for each in states) else FINE


_STATES = {
    "same": message("the same"),
    "changed": message("changed"),
    "not-recorded": message("not recorded"),
    "lines-missing": message("not there any more"),
}


def _lines(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))
