"""What a transaction costs, beside the same terms by hand.

    python -m benchmarks.transactions                        the tables; about five minutes
    python -m benchmarks.transactions --quick                the same with less effort; about a minute
    python -m benchmarks.transactions --pictures             also docs/performance.md and its pictures
    python -m benchmarks.transactions --json FILE            also everything that was found, as JSON
    python -m benchmarks.transactions --from FILE --pictures tables and pictures of an earlier run
    python -m benchmarks.transactions --check                fails where a target is missed

First every answer for every transaction is compared with what the terms give that are written by hand; where
one differs, it is shown and nothing is measured. Ratios are medians of rounds in which both take
turns; only these can be compared between machines and runs. Needs the extra `benchmark`.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.transactions import agreement, growing, loading, pages, results, speed, together
from benchmarks.transactions.drawing import Transaction
from benchmarks.transactions.results import Results
from benchmarks.transactions.speed import Effort
from benchmarks.transactions.subjects import SUBJECTS, Subject

SHOWN = 3
"""How many differences are shown."""


def main() -> int:
    options = _options()
    if options.start is None:
        found = measured(options.count, options.seed, quick=options.quick)
    else:
        found = results.read(options.start)
    print("\n\n".join(pages.tables(found).values()))
    if options.json is not None:
        results.write(found, options.json)
    if options.pictures:
        from benchmarks.pictures import draw

        pages.renew(found)
        draw(found, pages.PICTURES)
    missed = list(speed.missed(found.rows, found.slow))
    for each in missed:
        print(f"missed: {each}", file=sys.stderr)
    return 1 if options.check and missed else 0


def measured(count: int, seed: int, *, quick: bool) -> Results:
    """Compare every answer, then measure everything."""
    drawn = {subject.name: subject.complete(count, seed) for subject in SUBJECTS}
    for subject in SUBJECTS:
        _agree(subject, drawn[subject.name])
    effort = Effort(9, 1.5) if quick else Effort(31, 5.0)
    rows, slow = [], []
    for subject in SUBJECTS:
        transactions = drawn[subject.name]
        rows += list(_told(speed.rows(subject, transactions, effort)))
        unfinished = subject.unfinished(count, seed)
        slow.append(speed.slow(subject, transactions, unfinished, 3 * effort.seconds))
    _tell("several threads and processes")
    rates = [each for one in SUBJECTS for each in together.rates(one, count, 3 if quick else 7)]
    _tell("more and more rules")
    grown = growing.grown((10, 30, 100, 300, 1_000), effort.rounds)
    _tell("more and more programmes")
    loaded = loading.loaded((1, 10, 30, 100) if quick else (1, 10, 30, 100, 300, 1_000))
    shares = {one.name: agreement.shares(one, drawn[one.name]) for one in SUBJECTS}
    return Results(results.machine(), count, shares, rows, slow, loaded, rates, grown)


def _agree(subject: Subject, transactions: Sequence[Transaction]) -> None:
    """End the run where an answer differs from that of the twin.

    Raises:
        SystemExit: One does.
    """
    _tell(f"{subject.name}: comparing every answer")
    both = (
        ("typed dict", agreement.differences(subject, transactions)),
        ("JSON", agreement.differences_in_json(subject, transactions, subject.json_twin())),
    )
    for what, differences in both:
        shown = list(islice(differences, SHOWN))
        for each in shown:
            print(f"{subject.programme}, {what}: {each}", file=sys.stderr)
        if shown:
            raise SystemExit("answers differ; nothing was measured")


def _told(rows: Iterator[speed.Row]) -> Iterator[speed.Row]:
    for each in rows:
        _tell(f"{each.programme}: {each.what}: {each.ratio:.2f}")
        yield each


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m benchmarks.transactions",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=2_000, help="transactions of each programme")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="less effort")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found")
    parser.add_argument("--from", type=Path, metavar="FILE", dest="start", help="measure nothing")
    parser.add_argument("--pictures", action="store_true", help="renew docs/performance.md")
    parser.add_argument("--check", action="store_true", help="fail where a target is missed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
