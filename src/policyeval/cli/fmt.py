"""`policyeval fmt`: the files of programmes in the one canonical layout."""

import argparse
from pathlib import Path

from policyeval.cli.words import FINDINGS, FINE, policies_folder
from policyeval.console import tell
from policyeval.messages import message

SUMMARY = message("write the files of programmes in the one canonical layout")
EXAMPLES = (
    ("policyeval fmt policies/", message("every file that is not published")),
    ("policyeval fmt --check policies/", message("only name the files that differ, for CI")),
    (
        "policyeval fmt --diff policies/example/2024-01-01.yaml",
        message("what would change in one file"),
    ),
)


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar=message("PATH").text(language),
        help=message("folders of policies, programmes' folders, or files").text(language),
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help=message("write nothing; name the files that differ and exit with 1").text(language),
    )
    parser.add_argument(
        "--diff",
        action="store_true",
        help=message("write nothing; show what would change").text(language),
    )


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from policyeval.cli.findings import write
    from policyeval.cli.laying_out import Laid, laid_out
    from policyeval.cli.showing import show
    from policyeval.cli.unified import unified
    from policyeval.policy.files import replace_file, shown

    language: str = options.language
    writes = not (options.check or options.diff)
    changed = same = published = 0
    refused = False
    for each in laid_out(options.paths or [policies_folder(None)]):
        if not isinstance(each, Laid):
            refused = True
            show(write(each, "text", language), "problems")
            continue
        name = shown(each.path)
        if each.published:
            published += 1
            said = message("`{file}` is published and stays as it is", file=name)
            tell(said.text(language))
            continue
        if each.old == each.new:
            same += 1
            continue
        changed += 1
        if writes:
            replace_file(each.path, each.new)
        show(unified(each.old, each.new, name, name) if options.diff else name)
    counted = message(
        "files in the canonical layout: {same}, in another: {changed}, published: {published}",
        same=same,
        changed=changed,
        published=published,
    )
    if writes:
        counted = message(
            "files as they were: {same}, written anew: {changed}, published: {published}",
            same=same,
            changed=changed,
            published=published,
        )
    tell(counted.text(language))
    return FINDINGS if refused or (options.check and changed) else FINE
