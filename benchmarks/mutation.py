"""Measures mutation testing: `python -m benchmarks.mutation [POLICIES] [--jobs NUMBER]`.

For each programme: how many changes were made, how many of them a golden case notices, how many
none does, how many make no difference, and how long all of it took. Other than the rest of the
measurements, these are wall times: several processes share the work.
"""

import argparse
import os
from pathlib import Path
from time import perf_counter

from policyeval.analysis.mutation.running import Running
from policyeval.cases.checking import cases_files
from policyeval.policy.repository import read_folder

POLICIES = Path(__file__).parents[1] / "policies"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("policies", nargs="?", type=Path, default=POLICIES)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    library = read_folder(options.policies)
    library.refuse()
    files, _ = cases_files(library)
    print(f"{'programme':32} {'cases':>6} {'changes':>8} {'noticed':>8} {'not':>5}", end="")
    print(f" {'excused':>8} {'no difference':>14} {'seconds':>8}")
    for file in files:
        start = perf_counter()
        found = Running(library, [file]).run(options.jobs)
        seconds = perf_counter() - start
        states = [each.state for each in found.tested]
        print(
            f"{file.programme:32} {len(file.cases):6} {len(states):8} {states.count('killed'):8} "
            f"{len(found.unnoticed):5} {states.count('exempted'):8} "
            f"{states.count('equivalent'):14} {seconds:8.1f}"
        )


if __name__ == "__main__":
    main()
