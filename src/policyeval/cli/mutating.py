"""`policyeval test --mutate`: changes made on purpose, and which of them no golden case notices."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from policyeval.cli.findings import annotation
from policyeval.cli.showing import show, table
from policyeval.cli.words import FINDINGS, FINE, USAGE, processors
from policyeval.console import complain
from policyeval.messages import Message, message, visible
from policyeval.source import Source, Span

if TYPE_CHECKING:  # asking for help loads none of it
    from policyeval.analysis.mutation.model import Judged, Operator
    from policyeval.analysis.mutation.running import Report
    from policyeval.cases.model import Cases, Exempted
    from policyeval.evaluator.policies import PolicySet
    from policyeval.policy.addresses import Address
    from policyeval.policy.elements import Kind

MOST_JOBS: Final = 64


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the options take."""
    parser.add_argument(
        "--mutate",
        action="store_true",
        help=message(
            "also change the policies in small ways, and tell which changes no case would notice"
        ).text(language),
    )

    def number(text: str) -> int:
        if text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= MOST_JOBS:
            return int(text)
        refused = message("`{text}` is no number from 1 to {most}", text=text[:80], most=MOST_JOBS)
        raise argparse.ArgumentTypeError(refused.text(language))

    parser.add_argument(
        "--jobs",
        type=number,
        default=None,
        metavar=message("NUMBER").text(language),
        help=message("how many processes `--mutate` uses (by default, one per processor)").text(
            language
        ),
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar=message("ADDRESS").text(language),
        help=message(
            "let `--mutate` change only what stands at this address, such as "
            "`decisions.fee_payable`, or below it"
        ).text(language),
    )


def run(
    options: argparse.Namespace,
    policies: "PolicySet",
    files: "Sequence[Cases]",
    document: dict[str, object],
) -> int:
    """Do it; for programs, add what was found to the document that they read."""
    from policyeval.analysis.mutation.running import Running
    from policyeval.cli.progress import progress

    language: str = options.language
    only: list[Address] = []
    for text in options.only:
        address = _address(text, policies)
        if isinstance(address, Message):
            return complain(address, language, USAGE)
        only.append(address)
    chosen = [
        replace(file, cases=tuple(each for each in file.cases if options.pattern in each.id))
        for file in files
    ]
    running = Running(policies.library, chosen, only)
    with progress(message("changing the policies"), len(running.jobs), language) as advance:
        tests = running.run(options.jobs or min(processors(), MOST_JOBS), advance)
    match options.format:
        case "json":
            document["mutation"] = _data(tests, language)
            written = ""
        case "github":
            written = "\n".join(_annotations(tests, language))
        case _:
            written = _text(tests, language)
    if written:
        show(written, "problems" if options.format == "text" else "plain")
    return FINDINGS if tests.unnoticed else FINE


def _address(text: str, policies: "PolicySet") -> "Address | Message":
    """Read an address, of which some version must have a part."""
    from policyeval.policy.addresses import read
    from policyeval.policy.elements import elements

    address = read(text)
    if address is None:
        return message("`{text}` is not written as an address is", text=text[:200])
    known = (
        element.address
        for programme in policies.library.programmes.values()
        for version in programme.versions
        for element in elements(version.policy)
    )
    length = len(address)
    if any(each[:length] == address or address[: len(each)] == each for each in known):
        return address
    return message("no version has a part `{address}`", address=text[:200])


# ---------------------------------------------------------------------- for a person


def _text(tests: "Report", language: str) -> str:
    parts = [_unnoticed(each, language) for each in tests.unnoticed]
    parts += [_unneeded(file, each, language) for file, each in tests.unneeded]
    parts.append(_counts(tests, language))
    parts.append(_summary(tests).text(language))
    return "\n\n".join(parts)


def _unnoticed(tested: "Judged", language: str) -> str:
    return "\n".join(
        [
            f"{_place(tested.source, tested.span)}: {_in_words(tested).text(language)}",
            f"    at: {_quoted(tested.at)}",
            f"    what: {_quoted(tested.what)}",
        ]
    )


def _quoted(text: str) -> str:
    """Write a text as YAML does where it might be taken for something else."""
    return "'" + visible(text).replace("'", "''") + "'"


def _unneeded(file: "Cases", exempted: "Exempted", language: str) -> str:
    return f"{_place(file.source, exempted.places[1])}: {_not_needed(exempted).text(language)}"


def _not_needed(exempted: "Exempted") -> Message:
    from policyeval.policy.addresses import written

    return message(
        "this entry of `exceptions` is not needed: `{what}` at `{address}` is no change that no case notices",
        what=exempted.what,
        address=written(exempted.at),
    )


def _counts(tests: "Report", language: str) -> str:
    """Count by kinds of change."""
    from policyeval.analysis.mutation.model import OPERATORS

    heads = [
        message("change"),
        message("made"),
        message("noticed"),
        message("not noticed"),
        message("excused"),
        message("makes no difference"),
    ]
    rows = []
    for operator in OPERATORS:
        of_kind = [each for each in tests.tested if each.operator == operator]
        if of_kind:
            states = [each.state for each in of_kind]
            counts = [
                len(states),
                states.count("killed"),
                states.count("survived") + states.count("untested"),
                states.count("exempted"),
                states.count("equivalent"),
            ]
            rows.append([_kind(operator).text(language), *map(str, counts)])
    return table(rows, [each.text(language) for each in heads])


def _summary(tests: "Report") -> Message:
    killed, all_ = _score(tests)
    return message(
        "changes: {changes}, noticed: {noticed} of {all} that a case could notice ({percent} %)",
        changes=len(tests.tested),
        noticed=killed,
        all=all_,
        percent=_percent(killed, all_),
    )


def _score(tests: "Report") -> tuple[int, int]:
    """Count the changes that are noticed, and those that a case could notice."""
    killed = sum(each.state == "killed" for each in tests.tested)
    return killed, killed + len(tests.unnoticed)


def _percent(killed: int, all_: int) -> int:
    return 100 if killed == all_ else 100 * killed // all_


def _place(source: Source, span: Span) -> str:
    line, column = _at(source, span)
    return f"{visible(source.name or '')}:{line}:{column}"


def _at(source: Source, span: Span) -> tuple[int, int]:
    position = source.position(min(span.start, len(source.text)))
    return position.line, position.column


# ---------------------------------------------------------------------- in words


def _in_words(tested: "Judged") -> Message:
    """Say what no case would notice."""
    if tested.state == "untested":
        return message("no case asks what would show it if {change}", change=_change(tested))
    return message("no case would notice if {change}", change=_change(tested))


def _change(tested: "Judged") -> Message:
    before, after = tested.before, tested.after
    match tested.operator:
        case "dropped-rule" | "row":
            return _dropped(tested.element.kind, before, tested.element.decision or "")
        case "reading" if tested.slot == ("adopted",):
            return message(
                "the reading `{reading}` were adopted as `{after}` instead of `{before}`",
                reading=tested.element.address[1],
                before=before,
                after=after,
            )
        case "reading":
            return message(
                "the formulas for `{before}` and `{after}` changed places",
                before=before,
                after=after,
            )
        case _:
            return message("`{after}` stood in place of `{before}`", before=before, after=after)


_MISSING: "Final[Mapping[Kind, Callable[[str, str], Message]]]" = {
    "requirement": lambda name, decision: message(
        "the requirement `{name}` of `{decision}` were missing", name=name, decision=decision
    ),
    "exclusion": lambda name, decision: message(
        "the exclusion `{name}` of `{decision}` were missing", name=name, decision=decision
    ),
    "coverage": lambda _, decision: message(
        "`{decision}` had no `covers`, and always applied", decision=decision
    ),
    "row": lambda name, decision: message(
        "the row `{name}` of the table of `{decision}` were missing", name=name, decision=decision
    ),
    "consistency": lambda name, _: message(
        "the condition `{name}` of `consistent_when` were missing", name=name
    ),
}


def _dropped(kind: "Kind", name: str, decision: str) -> Message:
    if kind in _MISSING:
        return _MISSING[kind](name, decision)
    return message("the remark `{name}` were missing", name=name)


def _kind(operator: "Operator") -> Message:
    match operator:
        case "boundary":
            return message("edge moved by one unit")
        case "comparison":
            return message("another comparison")
        case "brackets":
            return message("end of a range in or out")
        case "unit":
            return message("days for months")
        case "swapped-name":
            return message("another name")
        case "dropped-rule":
            return message("rule left out")
        case "negated":
            return message("condition negated")
        case "dropped-part":
            return message("part of a condition left out")
        case "connective":
            return message("`and` for `or`")
        case "quantifier":
            return message("`some` for `every`")
        case "branches":
            return message("branches of an `if` exchanged")
        case "function":
            return message("another function")
        case "reading":
            return message("another reading")
        case "parameter":
            return message("another parameter")
        case "value":
            return message("another value")
        case "row":
            return message("row of a table left out")


# ---------------------------------------------------------------------- for GitHub and programs


def _annotations(tests: "Report", language: str) -> Iterator[str]:
    for each in tests.unnoticed:
        place = (each.source.name or "", *_at(each.source, each.span))
        yield annotation("error", place, f"{each.at}: {each.what}", _in_words(each).text(language))
    for file, exempted in tests.unneeded:
        place = (file.source.name or "", *_at(file.source, exempted.places[1]))
        text = _not_needed(exempted).text(language)
        yield annotation("warning", place, message("`exceptions`").text(language), text)


def _data(tests: "Report", language: str) -> Mapping[str, object]:
    killed, all_ = _score(tests)
    return {
        "changes": len(tests.tested),
        "noticed": killed,
        "could_be_noticed": all_,
        "percent": _percent(killed, all_),
        "mutants": [_mutant(each, language) for each in tests.tested],
        "exceptions_not_needed": [
            {
                "file": file.source.name,
                "line": _at(file.source, each.places[1])[0],
                "column": _at(file.source, each.places[1])[1],
                "message": _not_needed(each).text(language),
            }
            for file, each in tests.unneeded
        ],
    }


def _mutant(tested: "Judged", language: str) -> Mapping[str, object]:
    line, column = _at(tested.source, tested.span)
    why = tested.why
    return {
        "programme": tested.programme,
        "version": tested.version,
        "file": tested.source.name,
        "line": line,
        "column": column,
        "operator": tested.operator,
        "at": tested.at,
        "what": tested.what,
        "before": tested.before,
        "after": tested.after,
        "questions": sorted(tested.questions),
        "state": tested.state,
        "noticed_by": tested.by,
        "why": why.text(language) if isinstance(why, Message) else (why or {}).get(language),
        "message": _in_words(tested).text(language),
    }
