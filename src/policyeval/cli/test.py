"""`policyeval test`: golden cases, expected against got."""

import argparse
import json
from pathlib import Path

from policyeval.cli import covering, mutating
from policyeval.cli.showing import show
from policyeval.cli.words import FINDINGS, FINE, USAGE, policies_folder
from policyeval.console import complain, tell
from policyeval.messages import message

SUMMARY = message("run the golden cases of policies: expected against got, field by field")
EXAMPLES = (
    ("policyeval test policies/", message("every case of every programme")),
    ("policyeval test policies/ -k day-180", message("only cases with this in their name")),
    ("policyeval test policies/ --junit report.xml", message("a report for CI")),
)


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar=message("PATH").text(language),
        help=message("a folder of policies, or a programme's folder").text(language),
    )
    parser.add_argument(
        "-k",
        dest="pattern",
        default="",
        metavar=message("TEXT").text(language),
        help=message("only cases whose name has this in it").text(language),
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "github"),
        default="text",
        help=message("how differences are written").text(language),
    )
    parser.add_argument(
        "--junit",
        type=Path,
        metavar=message("FILE").text(language),
        help=message("also write a report in JUnit's format").text(language),
    )
    covering.describe(parser, language)
    mutating.describe(parser, language)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from policyeval.cases.checking import cases_files
    from policyeval.cases.model import NAME
    from policyeval.cases.running import run_case
    from policyeval.cli.results import as_data, junit, write
    from policyeval.errors import PolicyError
    from policyeval.evaluator.policies import PolicySet
    from policyeval.policy.cache import user_cache
    from policyeval.policy.files import cannot_write
    from policyeval.policy.repository import read_folder

    language: str = options.language
    if options.only and not options.mutate:
        text = message("`{option}` goes with `{other}`", option="--only", other="--mutate")
        return complain(text, language, USAGE)
    path = policies_folder(options.path, or_file=True)
    library = read_folder(path.parent if path.name == NAME else path, cache=user_cache())
    library.refuse()
    files, problems = cases_files(library)
    policies = PolicySet(library)
    results = [
        (file, run_case(policies, file.programme, case))
        for file in files
        for case in file.cases
        if options.pattern in case.id
    ]
    if options.pattern and not results:
        text = message("no case has `{text}` in its name", text=options.pattern)
        return complain(text, language, USAGE)
    document: dict[str, object] = {}
    if options.format == "json":
        document = as_data(results, problems, language)
    elif written := write(results, problems, options.format, language):
        show(written, "problems" if options.format == "text" else "plain")
    if options.junit is not None:
        try:
            options.junit.write_bytes(junit(results, language, problems))
        except OSError as error:
            raise PolicyError([cannot_write(options.junit, error)]) from error
    failed = sum(not result.passed for _, result in results)
    if options.format == "text":
        text = message(
            "cases: {cases}, passed: {passed}, failed: {failed}",
            cases=len(results),
            passed=len(results) - failed,
            failed=failed,
        )
        tell(text.text(language))
    status = FINDINGS if failed or any(each.severity == "error" for each in problems) else FINE
    asked = {file.programme for file in files if file.cases}
    without = [name for name in library.programmes if name not in asked]
    for name in without:
        tell(message("`{programme}` has no golden case", programme=name).text(language))
    if status == FINE:  # what cases that fail cover, or notice, says nothing
        if options.coverage:
            status = max(status, covering.run(options, policies, files, document))
        if options.mutate:
            status = max(status, mutating.run(options, policies, files, document))
    if without and (options.coverage or options.mutate or not results):
        status = FINDINGS  # where there is no case, none shows or notices anything
    if document:
        show(json.dumps(document, indent=2, ensure_ascii=False))
    return status
