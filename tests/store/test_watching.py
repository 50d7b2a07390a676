"""A store that watches its folder takes what has come to rest there, and never a part of it."""

import gc
import logging
import sys
import weakref
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread

import pytest

from policyeval.errors import UnsupportedError
from policyeval.policy.repository import read_folder
from policyeval.store import Outcome, PolicyStore
from policyeval.store.watching import Watch
from tests.store.deadline import until
from tests.store.made_policies import PROGRAMME, point, publish, put, version, write

ASKED_ON = date(2024, 2, 1)
SOON = 0.005
"""Seconds between two looks."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder of policies, whose version has the number 1."""
    write(tmp_path / "policies", 1)
    return tmp_path / "policies"


def number(store: PolicyStore) -> int:
    """Give the number of the version that answers, which all of its decisions have."""
    found = store.evaluate(PROGRAMME, {"amount": 0}, asked_on=ASKED_ON)
    assert found["first"].value == found["second"].value
    value = found["first"].value
    assert isinstance(value, Decimal)
    return int(value)


# ------------------------------------------------------------------------------- by itself


@pytest.mark.parametrize("watch", [SOON, pytest.param("native", id="by the system")])
def test_a_watched_folder_is_taken_when_it_changes(folder: Path, watch: Watch) -> None:
    with PolicyStore(folder, watch=watch, settle=SOON) as store:
        is_watching = store.status.watching
        for each in (2, 3):
            write(folder, each)
            until(lambda expected=each: number(store) == expected)  # type: ignore[misc]  # a default binds it
    assert (is_watching, store.status.watching) == (True, False)
    assert number(store) == 3


def test_a_watch_says_what_is_wrong_and_takes_what_is_put_right(folder: Path) -> None:
    with PolicyStore(folder, watch=SOON, settle=0) as store:
        write(folder, 2, bad=True)
        until(lambda: store.status.problem is not None)
        assert number(store) == 1
        write(folder, 3)
        until(lambda: number(store) == 3)
        assert store.status.problem is None


@pytest.mark.parametrize("watch", [SOON, pytest.param("native", id="by the system")])
def test_a_folder_that_goes_and_comes_back_is_watched_on(folder: Path, watch: Watch) -> None:
    with PolicyStore(folder, watch=watch, settle=0) as store:
        away = folder.rename(folder.with_name("away"))
        until(lambda: store.status.problem is not None)
        assert number(store) == 1
        write(away, 2)
        away.rename(folder)
        until(lambda: number(store) == 2)


def test_a_link_that_is_turned_to_another_release_is_noticed(tmp_path: Path) -> None:
    for each in (1, 2):
        write(tmp_path / f"release-{each}", each)
    point(tmp_path / "current", tmp_path / "release-1")
    with PolicyStore(tmp_path / "current", watch=SOON, settle=0) as store:
        point(tmp_path / "current", tmp_path / "release-2")
        until(lambda: number(store) == 2)


def test_what_a_caller_s_function_raises_is_logged_and_the_watch_goes_on(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(outcome: Outcome) -> None:
        if outcome.loaded.generation == 2:
            raise RuntimeError("a mistake of the caller")

    with PolicyStore(folder, watch=SOON, settle=0, on_change=refuse) as store:
        for each in (2, 3):
            write(folder, each)
            until(lambda expected=each: number(store) == expected)  # type: ignore[misc]  # a default binds it
    (logged,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert logged.exc_info is not None
    assert "a mistake of the caller" in str(logged.exc_info[1])


def test_a_store_can_be_closed_by_what_it_tells(folder: Path) -> None:
    heard = Event()

    def close(outcome: Outcome) -> None:
        if outcome.loaded.generation == 2:
            store.close()
            heard.set()

    store = PolicyStore(folder, watch=SOON, settle=0, on_change=close)
    write(folder, 2)
    assert heard.wait(30)
    until(lambda: not store.status.watching)


def test_a_store_that_nobody_uses_any_more_stops_watching(folder: Path) -> None:
    store = PolicyStore(folder, watch=SOON)
    watcher, gone = store._watcher, weakref.ref(store)
    assert watcher is not None
    del store
    gc.collect()
    until(lambda: gone() is None and not watcher.is_running)


@pytest.mark.parametrize("watch", [0, -1.0, float("inf"), float("nan")])
def test_a_time_between_looks_that_is_none_is_refused(folder: Path, watch: float) -> None:
    with pytest.raises(ValueError, match="a number of seconds above 0"):
        PolicyStore(folder, watch=watch)


def test_without_its_library_a_watch_by_the_system_names_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(UnsupportedError, match=r"this needs `policyeval\[watch\]`"):
        PolicyStore(folder, watch="native")


# ------------------------------------------------------------------------------- what rests


class Moments(Event):
    """Stands for the time that a folder is given to rest: something happens in it."""

    def __init__(self, *happen: object) -> None:
        super().__init__()
        self._happen = list(happen)

    def wait(self, timeout: float | None = None) -> bool:
        """Let the next thing happen, at once."""
        if self._happen:
            happens = self._happen.pop(0)
            assert callable(happens)
            happens()
        return self.is_set()


def test_a_folder_that_does_not_rest_is_left_alone(folder: Path) -> None:
    with PolicyStore(folder, watch=False) as store:
        write(folder, 2)
        store.look(Moments(lambda: write(folder, 3)))
        assert number(store) == 1
        store.look(Moments(lambda: write(folder, 4)))
        assert number(store) == 1
        store.look(Moments())
        assert number(store) == 4
        assert store.status.generation == 2


def test_a_look_at_what_has_not_changed_reads_and_takes_nothing(folder: Path) -> None:
    heard: list[Outcome] = []
    with PolicyStore(folder, watch=False, on_change=heard.append) as store:
        for _ in range(100):
            store.look(Moments())
        write(folder, 2, bad=True)
        for _ in range(100):
            store.look(Moments())
        (folder / "note.txt").write_text("new", encoding="utf-8")
        store.look(Moments())
    assert [each.kind for each in heard] == ["loaded", "refused"]


def test_a_change_that_the_system_does_not_show_is_found_in_the_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PolicyStore(folder, watch=False, settle=0) as store:
        assert store._seen is not None
        shown = store._seen.signs
        write(folder, 2)
        monkeypatch.setattr("policyeval.store.policies.signs", lambda _: shown)
        for _ in range(40):
            store.look(Moments())
        assert number(store) == 2


def test_a_reload_whose_folder_changes_all_the_time_gives_up_and_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter(range(2, 100))

    def reading(*given: object, **named: object) -> object:
        found = read_folder(*given, **named)  # type: ignore[arg-type]  # what it is given
        write(folder, next(numbers))
        return found

    with PolicyStore(folder, watch=False) as store:
        monkeypatch.setattr("policyeval.store.attempts.read_folder", reading)
        outcome = store.reload()
        assert [each.code for each in outcome.diagnostics] == ["registry.changing"]
        assert number(store) == 1
        monkeypatch.undo()
        assert store.reload().kind == "loaded"


def test_files_that_change_while_they_are_read_are_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = [
        lambda: write(folder, 3, bad=True),
        lambda: put(folder / PROGRAMME / "first.yaml", version(4)[:-200]),
        lambda: write(folder, 5),
    ]

    def reading(*given: object, **named: object) -> object:
        if changes:
            changes.pop(0)()
        return read_folder(*given, **named)  # type: ignore[arg-type]  # what it is given

    heard: list[Outcome] = []
    with PolicyStore(folder, watch=False, on_change=heard.append) as store:
        monkeypatch.setattr("policyeval.store.attempts.read_folder", reading)
        write(folder, 2)
        store.reload()
        assert number(store) == 5
    assert [each.kind for each in heard] == ["loaded", "loaded"]


# ------------------------------------------------------------------------------- torn files


def _in_pieces(text: str, random: Random) -> list[str]:
    cuts = sorted(random.sample(range(1, len(text)), 12))
    return [text[: cuts[0]], *(text[a:b] for a, b in zip(cuts, [*cuts[1:], None], strict=True))]


def test_a_published_version_that_is_written_in_place_is_taken_when_it_is_complete(
    folder: Path,
) -> None:
    # Nearly every beginning of a file is a shorter file: no settling time is long enough for that.
    publish(folder)
    file = folder / PROGRAMME / "first.yaml"
    random = Random(3)
    with PolicyStore(folder, watch=False, published_only=True) as store:
        for each in range(2, 4):
            text = version(each)
            put(file, text)
            publish(folder)
            lock = (folder / "policies.lock").read_bytes()
            put(file, version(each - 1))
            (folder / "policies.lock").write_bytes(lock)
            with file.open("w", encoding="utf-8") as writing:
                *first, last = _in_pieces(text, random)
                for piece in first:
                    writing.write(piece)
                    writing.flush()
                    assert store.reload().kind == "refused"
                    assert number(store) == each - 1
                writing.write(last)
            assert store.reload().kind == "loaded"
            assert number(store) == each


def test_of_very_many_changes_the_last_is_taken(folder: Path) -> None:
    alone: list[bool] = []
    reloading = Lock()

    def accept(_policies: object) -> list[str]:
        alone.append(reloading.acquire(blocking=False))
        if alone[-1]:
            reloading.release()
        return []

    with PolicyStore(folder, watch=0.001, settle=0, accept=accept) as store:

        def change() -> None:
            for each in range(2, 120):
                write(folder, each)

        tellers = [Thread(target=store.reload) for _ in range(4)]
        writer = Thread(target=change)
        for each in (writer, *tellers):
            each.start()
        for each in (writer, *tellers):
            each.join()
        until(lambda: number(store) == 119)
        assert all(alone)
        assert store.status.problem is None
