"""The store: the policies of a folder, in the newest state that can be used.

A new set is read, checked, compiled and, if wanted, tested beside the one in force, and put in its place
by one assignment. Whatever is wrong with the folder, the last good set goes on answering.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event, RLock
from types import TracebackType
from typing import Final, Self

from policyeval.diagnostics import Diagnostic
from policyeval.errors import PolicyError
from policyeval.evaluation.results import Evaluation
from policyeval.evaluator.given import Facts
from policyeval.evaluator.policies import PolicySet
from policyeval.policy.cache import Kept
from policyeval.store import reporting
from policyeval.store.attempts import Demands, attempt
from policyeval.store.folder import Seen, look, signs
from policyeval.store.model import Accept, Kind, Loaded, Outcome, Status
from policyeval.store.watching import Watch, Watcher

_READ_AGAIN: Final = 30
"""Every so many looks the files are read even if the system says that none has changed."""


class PolicyStore:
    """The policies of a folder, kept up to date; safe to share between threads.

    Each evaluation uses one set of policies from start to end: the one in force when it began.

    Args:
        path: A folder of policies, or of one programme.
        watch: Whether to look by itself if anything changed, every two seconds; or every how many
            seconds; or `"native"`: be told by the system (needs `policyeval[watch]`). False: only
            `reload` looks.
        settle: How many seconds the folder must have rested before what a watch found is read.
        run_cases: Take a set only if every golden case comes out as it says.
        published_only: Take a set only if every version is recorded in `policies.lock`.
        prepare: Compile a set before it is taken, so that no transaction has to wait for that.
        accept: Looks at a set before it is taken, the first one included; what it gives, in words,
            speaks against the set.
        on_change: Told of each set that is taken, the first one included; of each that is not, once;
            and when the folder holds again what is in force.
        clock: Gives the time in UTC, for the status; no answer depends on it.

    Raises:
        PolicyError: The folder cannot be used; it holds every problem.
        UnsupportedError: What is needed for watching is not installed.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        watch: Watch = True,
        settle: float = 0.2,
        run_cases: bool = False,
        published_only: bool = False,
        prepare: bool = True,
        accept: Accept | None = None,
        on_change: Callable[[Outcome], object] | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._demands = Demands(Path(path), run_cases, published_only, prepare, accept)
        self._settle = settle
        self._on_change = on_change
        self._clock = clock or _now
        self._lock = RLock()
        self._memory: Mapping[str, Kept] = {}
        self._memory_before: Mapping[str, Kept] = {}
        self._seen: Seen | None = None
        self._looks = 0
        self._problem: Outcome | None = None
        self._refused = 0
        self._watcher: Watcher | None = None
        found = attempt(self._demands, {}, None)
        if found.policies is None:
            raise PolicyError(found.problems)
        self._memory, self._seen = found.memory, found.seen
        self._current = Loaded(found.policies, 1, found.digest, self._clock())
        self._tell("loaded")
        if watch is not False:
            self._watcher = Watcher(self, self._demands.path, watch)

    # ------------------------------------------------------------------------ answers

    @property
    def current(self) -> Loaded:
        """The set in force; whoever asks more than once about one transaction asks one set."""
        return self._current

    @property
    def programmes(self) -> tuple[str, ...]:
        """The names of the programmes there are."""
        return self._current.policies.programmes

    def evaluate(
        self,
        programme: str,
        facts: Facts,
        *,
        asked_on: date | None = None,
        known_on: date | datetime | None = None,
        overlays: Collection[str] = (),
        decisions: Collection[str] | None = None,
    ) -> Evaluation:
        """Answer a programme's questions about one transaction, by the set in force.

        Args and errors are those of `PolicySet.evaluate`.
        """
        return self._current.policies.evaluate(
            programme,
            facts,
            asked_on=asked_on,
            known_on=known_on,
            overlays=overlays,
            decisions=decisions,
        )

    def decide(
        self,
        programme: str,
        facts: Facts,
        *,
        asked_on: date | None = None,
        known_on: date | datetime | None = None,
        overlays: Collection[str] = (),
        decisions: Collection[str] | None = None,
    ) -> bytes:
        """Answer a programme's questions as JSON for machines, by the set in force.

        Args and errors are those of `PolicySet.decide`.
        """
        return self._current.policies.decide(
            programme,
            facts,
            asked_on=asked_on,
            known_on=known_on,
            overlays=overlays,
            decisions=decisions,
        )

    # ------------------------------------------------------------------------ reloading

    @property
    def status(self) -> Status:
        """How the store is."""
        loaded, watcher = self._current, self._watcher
        return Status(
            loaded.generation,
            loaded.digest,
            loaded.loaded_at,
            watcher is not None and watcher.is_running,
            self._problem,
            self._refused,
        )

    def reload(self) -> Outcome:
        """Look at the folder now, and take what it holds if that can be used.

        Whoever calls it vouches that the folder is complete; no rest is waited for. One reload is
        made at a time: who calls while another is being made waits, and then looks again. What
        `accept` and `on_change` raise is raised here.
        """
        with self._lock:
            memory = {**self._memory_before, **self._memory}
            found = attempt(self._demands, memory, self._current)
            if found.seen is not None:
                self._seen = found.seen
            if found.policies is None:
                return self._refuse(found.problems)
            if found.policies is not self._current.policies:
                self._memory_before, self._memory = self._memory, found.memory
            return self._take(found.policies, found.digest)

    def look(self, ended: Event | None = None) -> None:
        """Reload if the folder holds something else than before and has come to rest.

        It is what watching does each time.

        Args:
            ended: What to wait by; set by somebody else, it makes an end of it.
        """
        before, self._looks = self._seen, self._looks + 1
        if before is None:
            return
        is_due = self._looks % _READ_AGAIN == 0
        if not is_due and signs(self._demands.path) == before.signs:
            return
        seen = self._look()
        if seen.digests == before.digests:
            self._seen = seen
            return
        if not (ended or Event()).wait(self._settle) and self._look() == seen:
            self.reload()

    def close(self) -> None:
        """Stop watching; the set in force goes on answering."""
        if self._watcher is not None:
            self._watcher.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # ------------------------------------------------------------------------ what comes of it

    def _look(self) -> Seen:
        return look(self._demands.path, cases=self._demands.run_cases)

    def _take(self, policies: PolicySet, digest: str) -> Outcome:
        before, problem = self._current, self._problem
        self._problem = None
        if policies is before.policies:
            return self._tell("unchanged") if problem else self._outcome("unchanged")
        # The one assignment: whoever began to ask before goes on with the set that was in force.
        self._current = Loaded(policies, before.generation + 1, digest, self._clock())
        return self._tell("loaded")

    def _refuse(self, problems: tuple[Diagnostic, ...]) -> Outcome:
        if self._problem is not None and self._problem.diagnostics == problems:
            return self._problem
        self._refused += 1
        self._problem = self._outcome("refused", problems)
        return self._tell_of(self._problem)

    def _tell(self, kind: Kind) -> Outcome:
        return self._tell_of(self._outcome(kind))

    def _tell_of(self, outcome: Outcome) -> Outcome:
        reporting.log(outcome)
        if self._on_change is not None:
            self._on_change(outcome)
        return outcome

    def _outcome(self, kind: Kind, problems: tuple[Diagnostic, ...] = ()) -> Outcome:
        return Outcome(kind, self._current, self._clock(), problems)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when a set was taken is for people; no answer reads it
