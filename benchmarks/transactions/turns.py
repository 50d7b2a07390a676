"""Functions that take turns, so that a machine whose speed changes favours none of them."""

import gc
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import process_time

Run = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Turns:
    """What some functions took that took turns.

    Attributes:
        seconds: For each function, what each round took, in CPU time of the process.
    """

    seconds: tuple[tuple[float, ...], ...]

    def median(self, index: int) -> float:
        """Give the seconds of one function's round."""
        return statistics.median(self.seconds[index])

    def ratio(self, index: int, to: int = 0) -> float:
        """Give the median of the rounds' ratios of one function to another."""
        pairs = zip(self.seconds[index], self.seconds[to], strict=True)
        return statistics.median(one / other for one, other in pairs)


def taken(functions: Sequence[Run], rounds: int) -> Turns:
    """Let functions take turns; who is first changes from round to round."""
    seconds: list[list[float]] = [[] for _ in functions]
    for function in functions:
        function()
    with no_collection():
        for turn in range(rounds):
            for step in range(len(functions)):
                index = (turn + step) % len(functions)
                begun = process_time()
                functions[index]()
                seconds[index].append(process_time() - begun)
            # Between rounds, so that nobody pays for what others have left.
            gc.collect()
    return Turns(tuple(map(tuple, seconds)))


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep the garbage collector away for a while."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
