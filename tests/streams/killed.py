"""A run to be killed: `python -m tests.streams.killed FOLDER`, with the lines on standard input."""

import sys
from pathlib import Path

from policyeval.streams.opening import opened
from policyeval.streams.reading import Reader
from policyeval.streams.results import Wording
from policyeval.streams.working import here
from policyeval.streams.writing import begin
from tests.streams.echo import ASKED, Echo


def main(folder: Path) -> None:
    """Decide what comes, a piece at a time, so that there are many places to be killed at."""
    outputs = begin(
        folder / "out.jsonl", folder / "out.rejected.jsonl", ASKED, resume=True, spacing=1000
    )
    with opened("-") as given:
        reader = Reader(lambda most: given.read(min(most, 100)), lambda: False)
        reader.skip_to(outputs.place.mark)
        for batch, found in here(Echo(), Wording(), reader):
            outputs.write(batch, found)
    outputs.finish()
    outputs.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
