"""How long `policyeval check` takes with many programmes, cold and warm, in one process and in two.

    python -m benchmarks.checking                     200 programmes
    python -m benchmarks.checking --count 20          fewer
    python -m benchmarks.checking --check             fails above the limits: 20 s warm, 120 s cold

Programmes of the size of the largest real one are made up in a temporary folder (`programmes.py`). Each
row is a process of its own, from its start to its end. The measure is what PyYAML's C parser takes to
read the same files into nodes, in a process of its own in the same run; only the ratios to it can be
compared between machines.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.programmes import write

WARM, COLD = 20.0, 120.0
"""Seconds that 200 programmes may take in two processes."""

_BASELINE = """\
import sys
from pathlib import Path
import yaml
for path in sorted(Path(sys.argv[1]).rglob("*.yaml")):
    yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One run.

    Attributes:
        cpu: Seconds of all its processes.
        peak: MiB of its largest process.
    """

    name: str
    wall: float
    cpu: float
    peak: float


def rows(policies: Path, home: Path) -> Iterator[Row]:
    """Measure, one after the other; the first row is what the others are compared with."""
    yield measured("PyYAML alone, C parser", [sys.executable, "-c", _BASELINE, str(policies)], {})
    check = [sys.executable, "-m", "policyeval", "check", str(policies), "--format", "json"]
    for jobs in (1, 2):
        command = [*check, "--jobs", str(jobs)]
        place = {"XDG_CACHE_HOME": str(home / str(jobs))}
        named = "1 process" if jobs == 1 else f"{jobs} processes"
        yield measured(f"check, cold, {named}", command, place)
        yield measured(f"check, warm, {named}", command, place)
    edited = next(policies.rglob("cases.yaml"))
    edited.write_text(edited.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    yield measured("check, one programme edited", [*check, "--jobs", "2"], place)


def measured(name: str, command: Sequence[str], environment: Mapping[str, str]) -> Row:
    """Run a command to its end."""
    begun = perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{name}: exit status {process.returncode}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Row(name, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="fail above the limits")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        policies = write(Path(folder), options.count, options.seed)
        size = sum(each.stat().st_size for each in policies.rglob("*.yaml"))
        print(f"{options.count} programmes, {size / 1e6:.1f} MB of YAML, {os.cpu_count()} cores")
        print(f"{'':30} {'wall s':>8} {'ratio':>7} {'cpu s':>8} {'peak MiB':>9}")
        found: list[Row] = []
        for row in rows(policies, Path(folder)):
            found.append(row)
            ratio = row.wall / found[0].wall
            print(
                f"{row.name:30} {row.wall:8.2f} {ratio:7.2f} {row.cpu:8.2f} {row.peak:9.0f}",
                flush=True,
            )
    wall = {row.name: row.wall * 200 / options.count for row in found}
    slow = wall["check, warm, 2 processes"] > WARM or wall["check, cold, 2 processes"] > COLD
    return 1 if options.check and slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
