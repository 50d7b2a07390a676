"""How long programmes take to load, and how much memory they keep.

    python -m benchmarks.transactions.loading FOLDER      one measurement, as JSON

Copies of the made-up referral programme, each under a name of its own, are loaded by a new process;
the second time it does so is called warm (Python's modules and the system's files are at hand then).
Where there are very many, only the first loading is measured.
"""

import gc
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import process_time

import policyeval

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "benchmarks" / "referral" / "example-referral-speed"
ON = date(2024, 6, 1)
MOST = 200
"""More programmes than these are only loaded once."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a number of programmes take.

    Attributes:
        cold: CPU seconds of the first loading in a process.
        warm: Those of the second; None where there are too many.
        compiled: CPU seconds until a program of each has answered; None likewise.
        read: KiB that they keep once they are loaded.
        ready: KiB that they keep once a program of each has answered; None likewise.
    """

    programmes: int
    cold: float
    warm: float | None
    compiled: float | None
    read: float
    ready: float | None


def loaded(counts: Sequence[int]) -> list[Loaded]:
    """Measure, each number of programmes in a process of its own."""
    found = []
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), count)
            command = [sys.executable, "-m", "benchmarks.transactions.loading", folder]
            answer = subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout
            found.append(Loaded(**json.loads(answer)))
    return found


def slope(found: Sequence[Loaded]) -> float:
    """Say how many times as long the last programme took to load as those of the smaller half did.

    1 is linear; the first number of programmes is the start, which both have.
    """
    first, last = found[0], found[-1]
    middle = found[len(found) // 2] if len(found) > 2 else last
    small = (middle.cold - first.cold) / (middle.programmes - first.programmes)
    large = (last.cold - first.cold) / (last.programmes - first.programmes)
    return large / small


def write(folder: Path, count: int) -> None:
    """Write copies of the made-up referral programme."""
    texts = {each.name: each.read_text(encoding="utf-8") for each in MODEL.glob("*.yaml")}
    for number in range(1, count + 1):
        name = f"referral-{number:04}"
        (folder / name).mkdir()
        for file, text in texts.items():
            own = text.replace(MODEL.name, name)
            (folder / name / file).write_text(own, encoding="utf-8")


def measured(folder: Path) -> Loaded:
    """Load a folder twice, and compile a program of each of its programmes."""
    before = resident()
    begun = process_time()
    policies = policyeval.load_policies(folder)
    cold = process_time() - begun
    gc.collect()
    read = resident() - before
    if len(policies.programmes) > MOST:
        return Loaded(len(policies.programmes), cold, None, None, read, None)
    begun = process_time()
    for name in policies.programmes:
        policies.program(name, on=ON).evaluate(FACTS, asked_on=date(2026, 1, 1))
    compiled = process_time() - begun
    gc.collect()
    ready = resident() - before
    begun = process_time()
    policyeval.load_policies(folder)
    return Loaded(len(policies.programmes), cold, process_time() - begun, compiled, read, ready)


FACTS: dict[str, object] = {
    "option": "referral",
    "referred_at": "2024-06-01T10:00:00",
    "partner_number": "P-1",
    "partner_is_law_firm": False,
    "approved_on": "2024-07-01",
    "established_on": "2024-07-02",
    "product": "licence",
    "first_invoice_on": "2024-08-01",
    "invoice_on": "2024-08-01",
    "invoice_amount": 1000,
    "fee_rate": "0.1",
    "customer_paid_on": "2024-09-01",
    "fee_invoice_requested_on": "2024-09-02",
    "fee_invoice_sent_on": "2024-09-03",
}


def resident() -> float:
    """Give the KiB of memory that this process holds; where the system does not say, its highest."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii").splitlines()
        return float(next(each.split()[1] for each in lines if each.startswith("VmRSS")))
    import resource

    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return highest / 1024 if sys.platform == "darwin" else float(highest)


if __name__ == "__main__":
    one = measured(Path(sys.argv[1]))
    print(json.dumps({name: getattr(one, name) for name in one.__slots__}))
