"""How fast is a compiled expression beside the same thing written by hand?

    python -m benchmarks.feel             the table, and how long compiling takes
    python -m benchmarks.feel --check     also fail if a ratio is above its limit
    python -m benchmarks.feel --others    also other expression languages (extra `benchmark`)

Each figure is a ratio within one run: the two functions take turns, many times, and the median of
the turns' ratios is given. Ratios above 1 are slower than by hand.
"""

import argparse
import statistics
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

from benchmarks.cases import CASES, Case
from benchmarks.others import ENGINES, prepare
from policyeval import feel

LIMIT = 1.15
COMPILE_LIMIT = 2.0  # milliseconds, median, after the first

Runner = Callable[..., Any]


def main() -> int:
    """Measure, print, and tell whether the limits hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--turns", type=int, default=101, help="turns for each pair (default 101)")
    parser.add_argument("--check", action="store_true", help="fail above the limits")
    parser.add_argument("--others", action="store_true", help="measure other languages as well")
    options = parser.parse_args()
    engines = tuple(ENGINES) if options.others else ()
    print(f"{'':42}{'by hand':>10}{'FEEL':>8}" + "".join(f"{name:>28}" for name in engines))
    ratios = []
    for case in CASES:
        compiled = _compile(case).function
        _agree(case, compiled)
        hand, ratio = _measure(case, case.by_hand, compiled, options.turns)
        ratios.append(ratio)
        cells = "".join(f"{_other(case, name, options.turns):>28}" for name in engines)
        print(f"{case.name:42}{hand * 1e9:7.0f} ns{ratio:8.2f}{cells}")
    print(f"{'median':42}{'':10}{statistics.median(ratios):8.2f}")
    print(f"{'highest':42}{'':10}{max(ratios):8.2f}")
    times = _compile_times()
    print(f"compiling one expression, after the first: {times:.2f} ms (median)")
    held = max(ratios) <= LIMIT and times <= COMPILE_LIMIT
    return 0 if held or not options.check else 1


def _compile(case: Case) -> feel.Compiled:
    return feel.compile_expression(case.feel, feel.Scope(case.types), mode="strict")


def _agree(case: Case, compiled: Runner) -> None:
    for row in case.rows:
        if compiled(*row) != case.by_hand(*row):
            sys.exit(f"{case.name}: {row} gives {compiled(*row)}, by hand {case.by_hand(*row)}")


def _measure(case: Case, one: Runner, other: Runner, turns: int) -> tuple[float, float]:
    """Give the first function's time for a call, and the median ratio of the second to it."""
    loops = max(1, 2000 // len(case.rows))
    times, ratios = [], []
    for turn in range(turns):
        # Who comes first changes, so that a clock that speeds up favours nobody.
        if turn % 2:
            first = _time(one, case.rows, loops)
            second = _time(other, case.rows, loops)
        else:
            second = _time(other, case.rows, loops)
            first = _time(one, case.rows, loops)
        times.append(first / loops / len(case.rows))
        ratios.append(second / first)
    return statistics.median(times), statistics.median(ratios)


def _time(function: Runner, rows: list[tuple[Any, ...]], loops: int) -> float:
    start = perf_counter()
    for _ in range(loops):
        for row in rows:
            function(*row)
    return perf_counter() - start


def _compile_times() -> float:
    """Give the median time of compiling an expression, in milliseconds, after the first."""
    _compile(CASES[0])
    times = []
    for case in CASES * 5:
        scope = feel.Scope(case.types)
        start = perf_counter()
        feel.compile_expression(case.feel, scope, mode="strict")
        times.append((perf_counter() - start) * 1e3)
    return statistics.median(times)


def _other(case: Case, name: str, turns: int) -> str:
    function = prepare(name, case)
    if isinstance(function, str):
        return function
    _, ratio = _measure(case, case.by_hand, function, max(3, turns // 10))
    return f"{ratio:.1f}"


if __name__ == "__main__":
    sys.exit(main())
