"""`policyeval versions`: what is in force when."""

import argparse

from policyeval.cli.words import FINE, add_format, add_policies, add_programme
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
    add_programme(parser, language)
    add_format(parser, language)
    add_policies(parser, language)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    import json

    from policyeval.cli.chosen import policies_of
    from policyeval.cli.showing import show
    from policyeval.cli.timeline import timeline, written

    rows = timeline(policies_of(options).versions(options.programme).versions)
    if options.format == "json":
        show(json.dumps(rows, indent=2))
    else:
        show(written(rows, options.language), "table")
    return FINE
