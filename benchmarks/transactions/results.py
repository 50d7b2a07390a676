"""All that one run has found, as JSON and back."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from os import cpu_count
from pathlib import Path

from benchmarks.transactions.growing import Grown
from benchmarks.transactions.loading import Loaded
from benchmarks.transactions.speed import Row, Slow
from benchmarks.transactions.together import Rate


@dataclass(frozen=True, slots=True)
class Results:
    """One run.

    Attributes:
        machine: Where it was measured, as tables and pictures say it.
        transactions: How many complete ones of each programme.
        shares: For each programme the share of its transactions, by `question VERDICT` and `question rule`.
    """

    machine: str
    transactions: int
    shares: Mapping[str, Mapping[str, float]]
    rows: Sequence[Row]
    slow: Sequence[Slow]
    loaded: Sequence[Loaded]
    rates: Sequence[Rate]
    grown: Sequence[Grown]


def machine() -> str:
    """Say what figures depend on, without naming a machine."""
    version = ".".join(platform.python_version_tuple()[:2])
    return f"{cpu_count()} cores, {platform.python_implementation()} {version}"


def write(results: Results, path: Path) -> None:
    """Write results as JSON."""
    path.write_text(json.dumps(asdict(results), indent=2) + "\n", encoding="utf-8")


def read(path: Path) -> Results:
    """Read what `write` has written."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return Results(
        data["machine"],
        data["transactions"],
        data["shares"],
        [Row(**each) for each in data["rows"]],
        [Slow(**each) for each in data["slow"]],
        [Loaded(**each) for each in data["loaded"]],
        [Rate(**each) for each in data["rates"]],
        [Grown(**each) for each in data["grown"]],
    )
