"""What is compiled once per version and used by every question."""

from threading import Lock

from policyeval.evaluator.governing import GoverningDay
from policyeval.evaluator.program import Program
from policyeval.policy.model import Formula, ValidPolicy


class Programs:
    """Versions as programs, made when they are first asked; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._programs: dict[tuple[int, tuple[str, ...]], Program] = {}
        self._days: dict[tuple[int, Formula], GoverningDay] = {}

    def program(self, version: ValidPolicy, overlays: tuple[str, ...]) -> Program:
        """Give a version, compiled with those of the overlays that it knows."""
        own = tuple(each for each in version.policy.overlays if each in overlays)
        key = (id(version), own)
        program = self._programs.get(key)
        if program is None:
            with self._lock:
                program = self._programs.get(key)
                if program is None:
                    program = self._programs[key] = Program(version, own)
        return program

    def day(self, version: ValidPolicy, formula: Formula) -> GoverningDay:
        """Give a formula for the governing day, compiled for a version's facts."""
        key = (id(version), formula)
        found = self._days.get(key)
        return found or self._days.setdefault(key, GoverningDay(version, formula))
