"""`policyeval drift`: a new text of the source against the clauses of a version."""

import argparse
from pathlib import Path

from policyeval.cli.words import (
    FINDINGS,
    FINE,
    USAGE,
    add_policies,
    add_programme,
    add_version,
)
from policyeval.console import complain, tell
from policyeval.messages import message

SUMMARY = message(
    "see what a new text of the source changes, clause by clause, and what rests on it"
)
EXAMPLES = (
    (
        "policyeval drift ibas-ontrack-partner new.html",
        message("which clauses changed, moved or are gone, and every rule that rests on them"),
    ),
    (
        "policyeval drift ibas-ontrack-partner new.pdf --old terms.sv.txt",
        message("with the old text at hand, also the difference word by word"),
    ),
    (
        "policyeval drift ibas-ontrack-partner --watch https://example.com/terms --captures seen "
        "--count 1",
        message("look at a page once, and compare it if it is another one than the last time"),
    ),
)


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    from policyeval.cli import watching

    add_programme(parser, language)
    parser.add_argument(
        "new",
        nargs="?",
        type=Path,
        metavar=message("NEW_TEXT").text(language),
        help=message("the new text: plain text, HTML or PDF").text(language),
    )
    parser.add_argument(
        "--old",
        type=Path,
        metavar=message("FILE").text(language),
        help=message(
            "the text that the version was written from; otherwise the file that it names, beside "
            "the new text or in a folder `sources` in or beside the folder of policies"
        ).text(language),
    )
    add_version(parser, language)
    parser.add_argument(
        "--format",
        choices=("text", "json", "github"),
        default="text",
        help=message("text for people, json for programs, github for notes beside the lines").text(
            language
        ),
    )
    watching.describe(parser, language)
    add_policies(parser, language)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from policyeval.analysis.drift.captures import compare_capture
    from policyeval.cases.checking import cases_files
    from policyeval.cli import watching
    from policyeval.cli.chosen import policies_of, version_named
    from policyeval.cli.drifting import Report, write
    from policyeval.cli.showing import show
    from policyeval.cli.texts import named_file, old_text
    from policyeval.errors import UnsupportedError

    language: str = options.language
    if (options.new is None) == (options.watch is None):
        what = message("give a new text, or with `--watch` a file or an address to look at")
        return complain(what, language, USAGE)
    wrong = watching.wrong_with(options)
    if wrong is not None:
        return complain(wrong, language, USAGE)
    policies = policies_of(options)
    valid = version_named(policies, options.programme, options.version)
    try:
        old = old_text(valid.policy, options.old, options.new, policies.library.root)
    except UnsupportedError as error:
        tell(error.render(language))
        return USAGE
    for note in old.notes:
        tell(f"{message('note').text(language)}: {note.text(language)}")
    files, _ = cases_files(policies.library)
    cases = [case for file in files if file.programme == options.programme for case in file.cases]

    def look_at(raw: bytes, name: str) -> bool:
        """Compare a capture, print what is found, and tell whether all is as it was."""
        compared = compare_capture(valid.policy, raw, name, old.text)
        report = Report(valid, compared, cases, name, language)
        written = write(report, options.format)
        if written:
            show(written)
        return not compared.drift.changed and not compared.drift.of("not-recorded")

    try:
        if options.watch is not None:
            return watching.run(options, look_at)
        raw = named_file(options.new)
        return FINE if look_at(raw, str(options.new)) else FINDINGS
    except UnsupportedError as error:
        tell(error.render(language))
        return USAGE
