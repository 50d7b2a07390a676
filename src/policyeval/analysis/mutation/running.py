"""The mutants of a folder of policies, tested place by place, by one process or by several.

The order of results, and which case is said to notice a mutant, do not depend on how many there are.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from policyeval.analysis.mutation.model import ARROW, Judged
from policyeval.analysis.mutation.testing import Fate, Job, Testing
from policyeval.cases.checking import cases_files
from policyeval.cases.model import Cases, Exempted
from policyeval.policy.addresses import Address
from policyeval.policy.library import Library
from policyeval.policy.repository import read_folder

_WORTH_A_PROCESS = 40
"""Places to be looked at before another process is worth the time that it takes to begin."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of all mutants.

    Attributes:
        tested: In the order of the files.
        unneeded: Exceptions that no mutant needs, each with the file that has it.
    """

    tested: tuple[Judged, ...]
    unneeded: tuple[tuple[Cases, Exempted], ...]

    @property
    def unnoticed(self) -> tuple[Judged, ...]:
        """Those that no case notices, though it could."""
        return tuple(each for each in self.tested if each.state in {"survived", "untested"})


class Running:
    """Tests the mutants of some programmes with the cases of some files.

    Attributes:
        jobs: The places to be looked at, in order.
    """

    def __init__(
        self, library: Library, files: Sequence[Cases], only: Collection[Address] = ()
    ) -> None:
        """Prepare to run.

        Args:
            library: The policies.
            files: Their cases; programmes without a file are left alone.
            only: Addresses; where there are any, only what stands at one of them, or below it, is
                changed.
        """
        self.files = files
        self._only = tuple(only)
        self._testing = Testing(library, files)
        self._library = library
        self.jobs = tuple(
            Job(each.programme, version, site)
            for each in files
            for version, prepared in enumerate(self._testing.versions(each.programme))
            for site, place in enumerate(prepared.sites)
            if self._asked((*place.element.address, *place.keys))
        )

    def run(self, processes: int = 1, done: Callable[[], None] = lambda: None) -> Report:
        """Test every mutant.

        Args:
            processes: How many to use at most.
            done: Told whenever another place has been looked at.
        """
        tested: list[Judged] = []
        for job, fates in zip(self.jobs, self._fates(processes), strict=True):
            done()
            found = (self._tested(job, each) for each in fates)
            tested += (each for each in found if self._wanted(each.address))
        return self._exempted(tested)

    def _asked(self, address: Address) -> bool:
        """Tell whether something in a place may be wanted."""
        above = any(each[: len(address)] == address for each in self._only)
        return above or self._wanted(address)

    def _wanted(self, address: Address) -> bool:
        return not self._only or any(address[: len(each)] == each for each in self._only)

    def _fates(self, processes: int) -> Iterator[Sequence[Fate]]:
        processes = min(processes, 1 + len(self.jobs) // _WORTH_A_PROCESS)
        given = 0
        if processes > 1:
            arguments = _folder(self._library), _chosen(self.files)
            try:
                with ProcessPoolExecutor(
                    processes, get_context("spawn"), _begin, arguments
                ) as executor:
                    for fates in executor.map(_fates, self.jobs):
                        yield fates
                        given += 1
            except BrokenProcessPool:
                pass  # one of them was ended from outside: the rest is done here
        for job in self.jobs[given:]:
            yield self._testing.fates(job)

    def _tested(self, job: Job, fate: Fate) -> Judged:
        version = self._testing.versions(job.programme)[job.version]
        policy = version.valid.policy
        return Judged(
            policy.programme,
            policy.version,
            fate.operator,
            version.sites[job.site].element,
            fate.slot,
            fate.before,
            fate.after,
            fate.questions,
            policy.source,
            fate.span,
            fate.state,
            fate.by,
            fate.why,
        )

    def _exempted(self, tested: Sequence[Judged]) -> Report:
        """Take out what exceptions say that no case can show."""
        exceptions = {
            (file.programme, each.at, each.what): (file, each)
            for file in self.files
            for each in file.exceptions
            if ARROW in each.what
        }
        used: set[tuple[str, Address, str]] = set()
        found = []
        for each in tested:
            key = each.programme, each.address, each.what
            if key in exceptions and each.state in {"survived", "untested"}:
                used.add(key)
                each = replace(each, state="exempted", why=exceptions[key][1].because)  # noqa: PLW2901  # the same mutant
            found.append(each)
        about = {(each.programme, each.address) for each in tested}
        unneeded = tuple(
            value for key, value in exceptions.items() if key not in used and key[:2] in about
        )
        return Report(tuple(found), unneeded)


# ------------------------------------------------------------------------------- other processes

_here: list[Testing] = []
"""What this process tests with, if another one has begun it."""


def _begin(folder: Path, chosen: Mapping[str, frozenset[str]]) -> None:
    library = read_folder(folder)
    library.refuse()
    files, _ = cases_files(library)
    kept = [
        replace(file, cases=tuple(e for e in file.cases if e.id in chosen[file.programme]))
        for file in files
        if file.programme in chosen
    ]
    _here.append(Testing(library, kept))


def _fates(job: Job) -> Sequence[Fate]:
    return _here[-1].fates(job)


def _folder(library: Library) -> Path:
    """Give the folder that a library was read from: of all programmes, or of one."""
    return library.root.joinpath(*library.part[:1])


def _chosen(files: Sequence[Cases]) -> Mapping[str, frozenset[str]]:
    return {file.programme: frozenset(each.id for each in file.cases) for file in files}
