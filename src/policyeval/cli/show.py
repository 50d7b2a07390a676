"""`policyeval show`: a policy as a document."""

import argparse

from policyeval.cli.words import FINE, add_policies, add_programme, add_version
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
    add_programme(parser, language)
    add_version(parser, language)
    add_policies(parser, language)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from policyeval.cli.chosen import policies_of, version_named
    from policyeval.cli.showing import show
    from policyeval.document import render_document

    policies = policies_of(options)
    version = version_named(policies, options.programme, options.version)
    show(render_document(version, options.language).rstrip("\n"), "document")
    return FINE
