"""Being written."""

import argparse
from collections.abc import Sequence

from policyeval.cases.model import Cases
from policyeval.cli.words import FINE
from policyeval.evaluator.policies import PolicySet


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the option takes."""
    parser.add_argument("--coverage", action="store_true")


def run(options: argparse.Namespace, policies: PolicySet, files: Sequence[Cases]) -> int:
    """Do it."""
    return FINE
