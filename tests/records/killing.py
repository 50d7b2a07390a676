"""Kills a process that writes a log, again and again, and looks at what is left each time.

    python -m tests.records.killing --kills 100 --seed 1

The writer is a fork of this process, so that it starts at once. It tells each record through a pipe
when it is acknowledged, and is killed with SIGKILL after a random number of them and a random moment.
In most rounds its system takes only a few bytes at a time, so that it is killed within a line too, or
while it cuts what its predecessor left. Prints a JSON object: what was found.
"""

import argparse
import json
import os
import random
import select
import signal
import struct
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from policyeval.records import DecisionLog, read_log, verify
from policyeval.records.files import Files
from policyeval.records.writing import Sync
from tests.records.samples import FACTS, Unsynced, record

ACKNOWLEDGED = struct.Struct("<Q64s")
PER_LOG = 20
"""Kills until a new log is begun, so that looking at it stays quick."""


class FewBytes(Unsynced):
    """A system that takes a few bytes at a time."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def write(self, descriptor: int, data: bytes | memoryview) -> int:
        """Take some of them."""
        return super().write(descriptor, data[: self.chance.randint(1, 200)])


@dataclass(slots=True)
class Seen:
    """What was found in all rounds.

    Attributes:
        kills: How many there were.
        acknowledged: Records, altogether.
        unacknowledged: Records that are in a log though nobody was told: at most one for each kill.
        torn: Tails that were cut.
        wrong: What must not be, in words.
    """

    kills: int = 0
    acknowledged: int = 0
    unacknowledged: int = 0
    torn: int = 0
    wrong: list[str] = field(default_factory=list)


def write(path: Path, files: Files, sync: Sync, pipe: int, seed: int) -> None:
    """Write records without an end, and tell each that is acknowledged."""
    chance = random.Random(seed)
    with DecisionLog(path, sync=sync, every=3, files=files) as log:
        while True:
            text = "x" * chance.randint(0, 3_000)
            receipt = log.append(record(text), FACTS, id=str(log.head.seq + 1))
            os.write(pipe, ACKNOWLEDGED.pack(receipt.seq, receipt.hash.encode()))


def killed(path: Path, chance: random.Random) -> dict[int, str]:
    """Let a process write, kill it, and give what it had told: number to hash."""
    sync: Sync = chance.choice(["always", "batch", "never"])
    seed = chance.getrandbits(32)
    files: Files = chance.choice([Unsynced(), FewBytes(seed), FewBytes(seed)])
    if chance.random() < 0.05:
        files = Files()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            write(path, files, sync, writing, seed)
        finally:
            os._exit(1)  # only if it was not killed
    os.close(writing)
    told = b""
    for _ in range(chance.choice([0, 0, 1, 2, 5, 10])):
        if select.select([reading], [], [], 10)[0]:
            told += os.read(reading, ACKNOWLEDGED.size)
    # Nobody writes to the other end of this: it is a pause of a few microseconds to two milliseconds.
    select.select([], [], [], chance.random() ** 3 * 0.002)
    os.kill(child, signal.SIGKILL)
    while more := os.read(reading, 65_536):
        told += more
    os.close(reading)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise SystemExit("the writer ended by itself")
    return {seq: own.decode() for seq, own in ACKNOWLEDGED.iter_unpack(told)}


def look(path: Path, acknowledged: dict[int, str], seen: Seen) -> None:
    """Open the log after a kill, and note what is wrong with it."""
    before = path.read_bytes() if path.exists() else b""
    last = max(acknowledged, default=0)
    with DecisionLog(path, files=Unsynced()) as log:
        head, recovered = log.head, log.recovered
    after = path.read_bytes()
    records = list(read_log(path))
    whole = before[: before.rfind(b"\n") + 1]
    tail = before[len(whole) :]
    checks = {
        "an acknowledged record is lost": head.seq >= last,
        "more than one record was not acknowledged": head.seq <= last + 1,
        "numbers have gaps, or a record is doubled": [each.seq for each in records]
        == list(range(1, head.seq + 1)),
        "records are not those that were written": all(
            each.id == str(each.seq) for each in records
        ),
        "an acknowledged record is another": all(
            records[seq - 1].hash == own for seq, own in acknowledged.items()
        ),
        "the chain does not hold": verify(path, head=head).good,
        "something else than the tail was cut": after == whole or (not whole and not records),
        "the tail was not reported": (recovered is not None) == bool(tail),
        "the tail was not kept": recovered is None or recovered.kept.read_bytes() == tail,
    }
    seen.wrong += [f"kill {seen.kills}: {words}" for words, fine in checks.items() if not fine]
    seen.torn += recovered is not None
    seen.unacknowledged += head.seq - last
    acknowledged.update({each.seq: each.hash for each in records})


def main() -> None:
    """Kill as often as is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    seen = Seen()
    while seen.kills < options.kills and not seen.wrong:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "decisions.jsonl"
            acknowledged: dict[int, str] = {}
            for _ in range(min(PER_LOG, options.kills - seen.kills)):
                told = killed(path, chance)
                seen.kills += 1
                seen.acknowledged += len(told)
                acknowledged.update(told)
                look(path, acknowledged, seen)
    json.dump(asdict(seen), sys.stdout)


if __name__ == "__main__":
    main()
