"""`policyeval replay`: recorded decisions made again, to the same bytes."""

import argparse
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING

from policyeval.cli.recorded import (
    JsonReport,
    Supplied,
    add_log,
    programmes_in,
    record_data,
    record_name,
    sentence,
    supplied,
    wrong_with_log,
)
from policyeval.cli.words import FINDINGS, FINE, USAGE, add_format
from policyeval.console import answer, tell
from policyeval.messages import Message, message, visible

if TYPE_CHECKING:
    from policyeval.analysis.replaying import Counts, Replayed
    from policyeval.analysis.restating.asking import Find
    from policyeval.analysis.restating.exact import Change
    from policyeval.evaluation.data import Data

SUMMARY = message("make recorded decisions again, which must give the same bytes")
EXAMPLES = (
    ("policyeval replay decisions.jsonl", message("every record of a log")),
    (
        "policyeval replay decisions.jsonl --facts archive.jsonl --salt salt.bin",
        message("also those of which the log keeps only hashes"),
    ),
    (
        "policyeval replay decisions.jsonl --skip-unreplayable --format json",
        message("for a program; what cannot be replayed is counted and no more"),
    ),
)


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the command takes."""
    add_log(parser, language)
    parser.add_argument(
        "--skip-unreplayable",
        action="store_true",
        help=message("end with status 0 also where records could not be replayed").text(language),
    )
    add_format(parser, language)


def run(options: argparse.Namespace) -> int:
    """Do it: status 0 where every answer is the same, 1 where one is not or could not be had."""
    from policyeval.records.problems import LogError

    facts = supplied(options)
    if facts is None:
        return USAGE
    with closing(facts):
        find = programmes_in(options)
        wrong = wrong_with_log(options, message("nothing is replayed"))
        if wrong is not None:
            return wrong
        try:
            counts = _replayed(options, facts, find)
        except LogError as error:  # it has been changed since it was checked
            tell(error.render(options.language))
            return FINDINGS
    failed = counts.differs or (counts.not_replayed and not options.skip_unreplayable)
    return FINDINGS if failed else FINE


def _replayed(options: argparse.Namespace, facts: Supplied, find: "Find") -> "Counts":
    """Replay record by record, and say what came of it."""
    from policyeval.analysis.replaying import Counts, Replaying
    from policyeval.records.reading import read_log

    language: str = options.language
    replaying, counts = Replaying(find), Counts()
    as_json = options.format == "json"
    report = JsonReport({"format": Decimal(1), "log": options.log}) if as_json else None
    for record in read_log(options.log):
        replayed = replaying.replay(record, facts.of(record))
        counts.add(replayed)
        if replayed.standing == "same" and not replayed.engines and not replayed.unchecked:
            continue
        if report is not None:
            report.add(_data(replayed, language))
        elif replayed.standing != "same":
            answer(_text(replayed, language))
    if report is not None:
        report.end(_summary_data(counts))
    else:
        answer(_summary(counts, language))
    return counts


# ------------------------------------------------------------------------------- text


def _text(replayed: "Replayed", language: str) -> str:
    """Say what came of a record, on lines of their own."""
    if replayed.standing == "differs":
        said = message("{record}: answered otherwise", record=record_name(replayed.record))
    else:
        said = message("{record}: cannot be replayed", record=record_name(replayed.record))
    lines = [sentence(said, language)]
    lines += [f"  {_change(each).text(language)}" for each in replayed.changes]
    lines += [f"  {each.text.text(language)}" for each in replayed.obstacles]
    lines += [f"  {_engine(*each).text(language)}" for each in replayed.engines]
    if replayed.unchecked:
        lines.append(f"  {_unchecked(replayed).text(language)}")
    return "\n".join(lines)


_LONGEST = 400


def _change(change: "Change") -> Message:
    if change.field == "writing":
        return message("the same is said, but written otherwise")
    place = (
        f"`{change.field}`" if change.decision is None else f"`{change.decision}.{change.field}`"
    )
    return message(
        "{place}: recorded {before}, now {after}",
        place=place,
        before=_shown(change.before),
        after=_shown(change.after),
    )


def _shown(data: "Data") -> Message | str:
    from policyeval.evaluation.data import compact_text

    if data is None:
        return message("nothing")
    written = visible(compact_text(data))
    return f"`{written if len(written) <= _LONGEST else written[:_LONGEST] + '…'}`"


def _engine(engine: str, language: str) -> Message:
    from policyeval.evaluator.compiled import ENGINE
    from policyeval.feel.compiler import LANGUAGE

    return message(
        "made by `{before}` ({language_before}), replayed by `{after}` ({language_after})",
        before=engine,
        language_before=language,
        after=ENGINE,
        language_after=LANGUAGE,
    )


def _unchecked(replayed: "Replayed") -> Message:
    from policyeval.analysis.restating.obstacles import listed

    return message("supplied, and not to be checked: {names}", names=listed(replayed.unchecked))


def _summary(counts: "Counts", language: str) -> str:
    from policyeval.evaluation.formatting import number

    def shown(count: int) -> str:
        return number(Decimal(count), language)

    text = message(
        "records: {all}; the same: {same}; answered otherwise: {differs}; not replayed: {not_replayed}",
        all=shown(counts.same + counts.differs + counts.not_replayed),
        same=shown(counts.same),
        differs=shown(counts.differs),
        not_replayed=shown(counts.not_replayed),
    )
    said = sentence(text, language)
    if counts.other_engine:
        other = message(
            "of these, the same answers by another engine: {count}",
            count=shown(counts.other_engine),
        )
        said += f"\n{sentence(other, language)}"
    return said


# ------------------------------------------------------------------------------- JSON


def _data(replayed: "Replayed", language: str) -> "dict[str, Data]":
    return {
        **record_data(replayed.record),
        "standing": replayed.standing,
        "changes": [
            {
                "decision": each.decision,
                "field": each.field,
                "before": each.before,
                "after": each.after,
            }
            for each in replayed.changes
        ],
        "obstacles": [
            {"kind": each.kind, "text": each.text.text(language)} for each in replayed.obstacles
        ],
        "engines": [{"engine": engine, "language": feel} for engine, feel in replayed.engines],
        "unchecked": list(replayed.unchecked),
    }


def _summary_data(counts: "Counts") -> "dict[str, Data]":
    return {
        "records": Decimal(counts.same + counts.differs + counts.not_replayed),
        "same": Decimal(counts.same),
        "differs": Decimal(counts.differs),
        "not_replayed": Decimal(counts.not_replayed),
        "other_engine": Decimal(counts.other_engine),
    }
