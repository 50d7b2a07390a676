"""`policyeval show`: a policy as a document."""

import argparse
import sys

from policyeval.cli.words import FINE, add_policies, policies_folder
from policyeval.messages import message

SUMMARY = message("show a policy as a document: clauses, rules in words, readings, deadlines")
EXAMPLES = (
    (
        "policyeval show ibas-ontrack-partner --lang sv",
        message("the newest version, in Swedish"),
    ),
    (
        "policyeval show ibas-ontrack-partner --version 2023-11-30 > terms.md",
        message("one version, into a file"),
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
        "--version",
        metavar=message("VERSION").text(language),
        help=message("the version; the newest if left out").text(language),
    )
    add_policies(parser, language)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from policyeval.cli.chosen import version_named
    from policyeval.document import render_document
    from policyeval.evaluator.policies import load_policies

    policies = load_policies(policies_folder(options.policies))
    version = version_named(policies, options.programme, options.version)
    sys.stdout.write(render_document(version, options.language))
    return FINE
