"""`policyeval test --coverage`: what the golden cases show, and what none of them does."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING

from policyeval.cli.findings import annotation
from policyeval.cli.showing import show, table
from policyeval.cli.words import FINDINGS, FINE
from policyeval.messages import Message, message, visible
from policyeval.source import Source, Span

if TYPE_CHECKING:  # asking for help loads none of it
    from policyeval.analysis.coverage.model import (
        Accounting,
        Coverage,
        Figure,
        Figures,
        Missing,
        ProgrammeCoverage,
        Unneeded,
    )
    from policyeval.cases.model import Cases
    from policyeval.evaluator.policies import PolicySet


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the options take."""
    parser.add_argument(
        "--coverage",
        action="store_true",
        help=message(
            "also tell what the cases show of clauses, rules, readings and conditions, and what no "
            "case shows"
        ).text(language),
    )

    def percent(text: str) -> Fraction:
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal(-1)
        if number.is_finite() and 0 <= number <= 100:
            return Fraction(number)
        refused = message("`{text}` is no number from 0 to 100", text=text[:80])
        raise argparse.ArgumentTypeError(refused.text(language))

    class FailUnder(argparse.Action):
        """Sets the least share; who names one wants coverage."""

        def __call__(
            self,
            _parser: argparse.ArgumentParser,
            namespace: argparse.Namespace,
            values: object,
            _option: str | None = None,
        ) -> None:
            namespace.fail_under = values
            namespace.coverage = True

    parser.add_argument(
        "--fail-under",
        action=FailUnder,
        type=percent,
        default=None,
        metavar=message("PERCENT").text(language),
        help=message("fail where any measure of coverage is lower (implies `--coverage`)").text(
            language
        ),
    )


def run(
    options: argparse.Namespace,
    policies: "PolicySet",
    files: "Sequence[Cases]",
    document: dict[str, object],
) -> int:
    """Do it; for programs, add what was found to the document that they read."""
    from policyeval.analysis.coverage import coverage
    from policyeval.cli.progress import progress

    language: str = options.language
    chosen = [
        replace(file, cases=tuple(each for each in file.cases if options.pattern in each.id))
        for file in files
    ]
    steps = sum(len(file.cases) for file in chosen)
    with progress(message("looking at what the cases show"), steps, language) as advance:
        found = coverage(policies, chosen, advance)
    wanted: Fraction | None = options.fail_under
    failed = wanted is not None and (
        found.lowest * 100 < wanted or any(each.unneeded for each in found.programmes)
    )
    match options.format:
        case "json":
            document["coverage"] = _data(found, language)
            written = ""
        case "github":
            written = "\n".join(_annotations(found, failed=failed, language=language))
        case _:
            written = "\n\n".join(_text(each, language) for each in found.programmes)
            if failed and wanted is not None:
                written += "\n\n" + _failed(found, wanted).text(language)
    if written:
        show(written, "problems" if options.format == "text" else "plain")
    return FINDINGS if failed else FINE


# ---------------------------------------------------------------------- for a person


def _text(found: "ProgrammeCoverage", language: str) -> str:
    heads = [
        message("version").text(language),
        message("clauses").text(language),
        message("rules").text(language),
        message("readings").text(language),
        message("conditions").text(language),
    ]
    rows = []
    for version in found.versions:
        cells = _cells(version.figures)
        if not version.asked:
            cells[0] = message("no case is answered by it").text(language)
            cells[1:] = [""] * len(cells[1:])
        rows.append([visible(version.version), *cells])
    if len(rows) != 1:
        rows.append([message("all versions").text(language), *_cells(found.figures)])
    parts = [visible(found.programme), table(rows, heads)]
    parts += [
        _accounted(version.version, version.accounting).text(language) for version in found.versions
    ]
    for title, lines in (
        (message("no case shows"), [_line(each, language) for each in found.missing]),
        (
            message("entries of `exceptions` that are not needed"),
            [_unneeded_line(each, language) for each in found.unneeded],
        ),
    ):
        if lines:
            parts += ["", f"{title.text(language)}:", *lines]
    if not found.missing:
        parts += ["", message("the cases show everything").text(language)]
    if found.exempted:
        excused = message("excused by `exceptions`: {number}", number=found.exempted)
        parts.append(excused.text(language))
    return "\n".join(parts)


def _cells(figures: "Figures") -> list[str]:
    return [_cell(each) for each in figures.values()]


def _cell(figure: "Figure") -> str:
    if not figure.wanted:
        return "–"  # there is nothing to count
    return f"{figure.percent} % ({figure.reached}/{figure.wanted})"


def _accounted(version: str, accounting: "Accounting") -> Message:
    figure = accounting.figure
    free = ", ".join(f"{kind}: {number}" for kind, number in sorted(accounting.free.items()))
    return message(
        "clauses of {version} accounted for: {percent} % ({number} of {all}); cited: {cited}, in need "
        "of no rule: {free}",
        version=version,
        percent=figure.percent,
        number=figure.reached,
        all=figure.wanted,
        cited=accounting.cited,
        free=f"{sum(accounting.free.values())}" + (f" ({free})" if free else ""),
    )


def _line(missing: "Missing", language: str) -> str:
    from policyeval.policy.addresses import written

    goal = missing.goal
    at = visible(f"{written(goal.at)}: {goal.what}")
    return f"{_place(missing.source, goal.span)}: {at}: {missing.text.text(language)}"


def _unneeded_line(unneeded: "Unneeded", language: str) -> str:
    from policyeval.policy.addresses import written

    exception = unneeded.exception
    at = visible(f"{written(exception.at)}: {exception.what}")
    place = _place(unneeded.source, exception.places[1])
    return f"{place}: {at}: {_why(unneeded).text(language)}"


def _why(unneeded: "Unneeded") -> Message:
    if unneeded.shown:
        return message("a case shows it after all; delete it from `exceptions`")
    return message("nothing like it is asked for; delete or correct it")


def _failed(found: "Coverage", wanted: Fraction) -> Message:
    if found.lowest * 100 >= wanted:
        return message(
            "an entry of `exceptions` that is not needed fails the coverage that is wanted"
        )
    return message(
        "coverage is {percent} % where it is lowest; wanted is {wanted} %",
        percent=int(found.lowest * 100),
        wanted=wanted.numerator if wanted.denominator == 1 else float(wanted),
    )


def _place(source: Source, span: Span) -> str:
    line, column = _at(source, span)
    return f"{visible(source.name or '')}:{line}:{column}"


def _at(source: Source, span: Span) -> tuple[int, int]:
    position = source.position(span.start)
    return position.line, position.column


# ---------------------------------------------------------------------- for GitHub and programs


def _annotations(found: "Coverage", *, failed: bool, language: str) -> Iterator[str]:
    from policyeval.policy.addresses import written

    kind = "error" if failed else "warning"
    for programme in found.programmes:
        for each in programme.missing:
            goal = each.goal
            title = f"{written(goal.at)}: {goal.what}"
            place = (each.source.name or "", *_at(each.source, goal.span))
            yield annotation(kind, place, title, each.text.text(language))
        for one in programme.unneeded:
            title = f"{written(one.exception.at)}: {one.exception.what}"
            place = (one.source.name or "", *_at(one.source, one.exception.places[1]))
            yield annotation(kind, place, title, _why(one).text(language))


def _data(found: "Coverage", language: str) -> Mapping[str, object]:
    return {
        "lowest": _number(found.lowest),
        "programmes": [_programme(each, language) for each in found.programmes],
    }


def _programme(found: "ProgrammeCoverage", language: str) -> Mapping[str, object]:
    from policyeval.policy.addresses import written

    return {
        "programme": found.programme,
        "figures": _figures(found.figures),
        "versions": [
            {
                "version": each.version,
                "asked": each.asked,
                "figures": _figures(each.figures),
                "clauses": {
                    "cited": each.accounting.cited,
                    "no_rule": dict(sorted(each.accounting.free.items())),
                    "not_accounted_for": list(each.accounting.open),
                },
            }
            for each in found.versions
        ],
        "missing": [
            {
                "file": each.source.name,
                "line": _at(each.source, each.goal.span)[0],
                "column": _at(each.source, each.goal.span)[1],
                "version": each.version,
                "measure": each.goal.measure,
                "at": written(each.goal.at),
                "what": each.goal.what,
                "message": each.text.text(language),
            }
            for each in found.missing
        ],
        "excused": found.exempted,
        "exceptions_not_needed": [
            {
                "file": each.source.name,
                "line": _at(each.source, each.exception.places[1])[0],
                "column": _at(each.source, each.exception.places[1])[1],
                "at": written(each.exception.at),
                "what": each.exception.what,
                "message": _why(each).text(language),
            }
            for each in found.unneeded
        ],
    }


def _figures(figures: "Figures") -> Mapping[str, object]:
    return {
        name: {"shown": each.reached, "wanted": each.wanted, "percent": _number(each.share)}
        for name, each in figures.items()
    }


def _number(share: Fraction) -> int | float:
    """Give a share in percent as JSON has numbers, rounded down to two decimals."""
    hundredths = int(share * 10_000)
    return hundredths // 100 if hundredths % 100 == 0 else hundredths / 100
