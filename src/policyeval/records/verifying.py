"""Tells whether a log is as it was written, and what is wrong where."""

from os import fsdecode

from policyeval.records.checking import Checking
from policyeval.records.findings import Place, Verification
from policyeval.records.lines import LONGEST
from policyeval.records.model import Head
from policyeval.records.problems import LogPath
from policyeval.records.reading import raw_lines

_SHOWN = 400


def verify(
    path: LogPath, *further: LogPath, head: Head | tuple[int, str] | None = None
) -> Verification:
    """Check that a log is as it was written.

    Args:
        path: The file.
        further: Those that follow on it, in their order.
        head: The number and the hash of a record (or of the log's first line), kept elsewhere. Without
            it nobody can see that lines at the end were cut, or that all was written anew.

    Raises:
        LogError: A file cannot be read.
    """
    checking = Checking(None if head is None else Head(*head))
    for index, each in enumerate((path, *further)):
        name = fsdecode(each)
        number = 0
        for number, raw in raw_lines(each):
            place = Place(index, name, number, raw[:_SHOWN])
            if raw.endswith(b"\n") or len(raw) == LONGEST:
                checking.line(place, raw)
            else:
                checking.torn(place, len(raw))
            if checking.full:
                return checking.result()
        if number == 0:
            checking.empty(Place(index, name, 1))
    return checking.result()
