"""`policyeval amend`: a new version of a programme, written from the one in force on its first day."""

import argparse
import datetime as dt
import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from policyeval.cli.words import FINE, USAGE, add_policies, add_programme
from policyeval.console import complain, tell
from policyeval.messages import Message, message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policyeval.cli.amending import Plan
    from policyeval.policy.model import ValidPolicy

SUMMARY = message("write a new version of a programme from the one in force on a day")
EXAMPLES = (
    (
        "policyeval amend ibas-ontrack-partner --from 2027-01-01",
        message("a copy with its own days, ready to be edited"),
    ),
    (
        "policyeval amend ibas-ontrack-partner --from 2027-01-01"
        " --set parameters.approval_window='duration(\"P120D\")'",
        message("a copy in which one value is another"),
    ),
    (
        "policyeval amend ibas-ontrack-partner --from 2027-01-01 --source terms.sv.txt --dry-run",
        message("what would be written, with the name and the digest of the new source text"),
    ),
)


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    add_programme(parser, language)
    parser.add_argument(
        "--from",
        dest="first",
        required=True,
        metavar=message("DAY").text(language),
        help=message("the first day on which the new version is in force").text(language),
    )
    parser.add_argument(
        "--known-from",
        metavar=message("MOMENT").text(language),
        help=message(
            "from when its text could be known: a day or a moment, local to the programme's zone; "
            "now if left out"
        ).text(language),
    )
    parser.add_argument(
        "--version",
        metavar=message("NAME").text(language),
        help=message("the name of the new version; its first day if left out").text(language),
    )
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar=message("ADDRESS=EXPRESSION").text(language),
        help=message(
            "what is to stand at an address, such as `parameters.NAME`; may be given several times"
        ).text(language),
    )
    parser.add_argument(
        "--source",
        type=Path,
        metavar=message("FILE").text(language),
        help=message("the new source text, whose name and digest are recorded").text(language),
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help=message("only show what would be written").text(language),
    )
    add_policies(parser, language)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from policyeval.policy.schema.formats import day, moment

    language: str = options.language
    if not _arguments_are_fine(options):
        return USAGE
    first = day(options.first)
    assert first is not None, "it is fine"

    from policyeval.cli.amending import (
        Head,
        Plan,
        base_on,
        contradiction,
        free_name,
        has_ended,
    )
    from policyeval.cli.chosen import policies_of

    source = _source(options.source)
    programme = policies_of(options).versions(options.programme)
    base = base_on(programme.versions, first)
    if base is None:
        return _refuse(*_before_the_first(programme.versions, first), language)
    now = options.known_from is None
    known_from = _now(programme.programme.zone) if now else options.known_from
    known = moment(known_from)
    assert known is not None, "it is fine"
    against = contradiction(base, first, known)
    if against is not None:
        return _refuse(*against, language)
    version = options.version or free_name(programme.folder, first)
    path = programme.folder / f"{version}.yaml"
    if os.path.lexists(path):
        return _refuse(*_taken(path), language)
    head = Head(version, first, known_from, has_ended(base, first), source)
    _write(options, Plan(path, base, programme.versions, head, now))
    return FINE


def _write(options: argparse.Namespace, plan: "Plan") -> None:
    """Make the new file, check it, put it in its place, and say so."""
    from policyeval.cli.amending import next_steps, problems_of, with_head, words_of
    from policyeval.cli.settings import Setting, setting, with_settings
    from policyeval.cli.showing import show
    from policyeval.cli.unified import unified
    from policyeval.diagnostics import Diagnostic, render
    from policyeval.errors import PolicyError
    from policyeval.policy import yaml
    from policyeval.policy.files import Root, read_bytes, replace_file, shown

    language: str = options.language
    name = shown(plan.path)
    before = plan.path.with_name(f"{plan.base.policy.version}.yaml")
    old = read_bytes(before, Root.of(plan.path.parent.parent), yaml.BYTES)
    if isinstance(old, Diagnostic):
        raise PolicyError([old])
    read = [setting(each) for each in options.settings]
    settings = [each for each in read if isinstance(each, Setting)]
    new, unset = with_settings(with_head(old, name, plan.head), name, settings)
    problems = [*(each for each in read if isinstance(each, Diagnostic)), *unset]
    found = problems_of(new, plan.path, plan.versions)
    if problems or any(each.severity == "error" for each in found):
        raise PolicyError([*problems, *found])
    if not options.dry_run:
        replace_file(plan.path, new)
    show(unified(old, new, shown(before), name))
    for warning in found:
        tell(render(warning, language))
    for each in words_of(plan, dry_run=options.dry_run):
        tell(each.text(language))
    if not options.dry_run:
        tell(message("next").text(language) + ":")
        for command, meaning in next_steps(plan, options.programme):
            tell(f"  {command}\n      {meaning.text(language)}")


# ------------------------------------------------------------------------------- the command line


def _arguments_are_fine(options: argparse.Namespace) -> bool:
    """Say everything that is wrong with the days and the name; tell whether nothing is."""
    from policyeval.policy.schema.formats import complaint

    given = (
        ("--from", "date", options.first),
        ("--known-from", "moment", options.known_from),
        ("--version", "version", options.version),
    )
    fine = True
    for option, format_, text in given:
        found = None if text is None else complaint(format_, text)
        if found is not None:
            fine = False
            what = message("`{option}`: {complaint}", option=option, complaint=found.text)
            _refuse(what, found.help, options.language)
    return fine


def _source(path: Path | None) -> tuple[str, str] | None:
    """Give the name of the source file and its digest.

    Raises:
        PolicyError: It cannot be read, or has a name that no policy can hold.
    """
    if path is None:
        return None
    from policyeval.errors import PolicyError
    from policyeval.policy.files import not_a_file, problem, reason
    from policyeval.policy.schema.formats import complaint

    try:
        digest = sha256(path.read_bytes()).hexdigest()
    except IsADirectoryError as error:
        what = message("this is a folder, where a file is wanted")
        raise PolicyError([not_a_file(path, what)]) from error
    except (OSError, ValueError) as error:
        raise PolicyError([not_a_file(path, reason(error))]) from error
    found = complaint("file", path.name)
    if found is not None:
        help_ = found.help or message("rename the file")
        raise PolicyError([problem("schema.format", found.text, path, help_)])
    return path.name, digest


def _refuse(text: Message, help_: Message | None, language: str) -> int:
    """Say why nothing is done, and give the exit status."""
    complain(text, language, USAGE)
    if help_ is not None:
        tell(f"   {message('help').text(language)}: {help_.text(language)}")
    return USAGE


def _before_the_first(versions: "Sequence[ValidPolicy]", day: dt.date) -> tuple[Message, Message]:
    first = versions[0].policy if versions else None
    text = message("on {day} no version has been in force yet", day=day)
    if first is None:
        return text, message("write the first version by hand; see `docs/policy-format.md`")
    return text, message(
        "the first version, `{version}`, is in force from {day}",
        version=first.version,
        day=first.in_force_from,
    )


def _taken(path: Path) -> tuple[Message, Message]:
    from policyeval.policy.files import shown

    return (
        message("there is a file `{file}` already", file=shown(path)),
        message("give the new version another name with `--version`, or leave the option out"),
    )


def _now(zone: str) -> str:
    """Write this moment as a policy does: local to a zone, with an offset where the clock is put back."""
    from policyeval.feel.temporal.zones import zone_named

    now = dt.datetime.now(zone_named(zone)).replace(microsecond=0)  # noqa: TID251 - said in the answer
    return (now if now.fold else now.replace(tzinfo=None)).isoformat()
