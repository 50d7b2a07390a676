"""What is kept of programmes that were read: as good as what is read, and never more than that."""

import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

import pytest

from policyeval.diagnostics import Diagnostic, render
from policyeval.feel import syntax
from policyeval.messages import LANGUAGES, message, worded
from policyeval.policy import cache as module
from policyeval.policy.cache import KEPT, Cache, Outcome, key_of, user_cache
from policyeval.policy.library import Library
from policyeval.policy.repository import Readers, read_folder
from policyeval.policy.repository import readers as _reading
from policyeval.source import Source, Span

PROGRAMMES = Path(__file__).parents[1] / "programmes"
NAME = "example-referral"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Read a folder once, and give it with the cache that was filled."""
    base = tmp_path_factory.mktemp("cache")
    folder = base / "policies" / NAME
    folder.mkdir(parents=True)
    for each in (PROGRAMMES / NAME).glob("*.yaml"):
        shutil.copy(each, folder)
    (folder / "cases.yaml").unlink(missing_ok=True)
    read_folder(folder.parent, cache=Cache(base / "kept"))
    return folder.parent, base / "kept"


class Reading:
    """Readers that count how often they are needed."""

    def __init__(self) -> None:
        self.files = 0

    def readers(self) -> Readers:
        usual = _reading.READERS

        def policy(*given: object) -> object:
            self.files += 1
            return usual.policy(*given)  # type: ignore[arg-type]

        return Readers(policy=policy, programme=usual.programme)  # type: ignore[arg-type]


@pytest.fixture
def again(filled: tuple[Path, Path], tmp_path: Path) -> Callable[[], tuple[Library, int]]:
    """Read the folder with a copy of the filled cache; give also how many versions were read."""
    shutil.copytree(filled[1], tmp_path / "kept")

    def run() -> tuple[Library, int]:
        reading = Reading()
        library = read_folder(filled[0], reading.readers(), cache=Cache(tmp_path / "kept"))
        library.refuse()
        return library, reading.files

    return run


def kept_file(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "kept").iterdir()
    return path


def same(one: Library, other: Library) -> bool:
    """Compare everything, the types of every node too."""

    def types(library: Library) -> list[object]:
        return [
            [(str(node), checked.type_of(node)) for node in syntax.walk(formula.tree)]
            for version in library.programmes[NAME].versions
            for formula, checked in version.checked.items()
        ]

    return repr(one) == repr(other) and types(one) == types(other)


def test_what_is_kept_is_the_same_as_what_is_read(
    filled: tuple[Path, Path], again: Callable[[], tuple[Library, int]]
) -> None:
    library, read = again()
    assert read == 0
    assert same(library, read_folder(filled[0]))


def test_only_the_user_may_read_what_is_kept(filled: tuple[Path, Path]) -> None:
    assert filled[1].stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o777 for each in filled[1].iterdir()} == {0o600}


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _open_to_others(path: Path) -> None:
    path.chmod(0o666)


def _open_folder(path: Path) -> None:
    path.parent.chmod(0o777)


def _link(path: Path) -> None:
    elsewhere = path.parent.parent / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _of_another_key(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data.replace(path.stem.encode(), b"0" * 64, 1))


def _foreign(path: Path) -> None:
    _write_payload(path, pickle.dumps({"a": 1}))


def _harmful(path: Path) -> None:
    class Harm:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(path.parent.parent / "harm"),)

    _write_payload(path, pickle.dumps(Harm()))


def _write_payload(path: Path, payload: bytes) -> None:
    """Write a file whose header is right, whatever it holds."""
    head = module._HEADER + path.stem.encode() + b"\n"
    path.write_bytes(head + sha256(payload).digest() + payload)


@pytest.mark.parametrize(
    "spoil",
    [
        _cut,
        _flip,
        _empty,
        _open_to_others,
        _open_folder,
        _link,
        _folder,
        _of_another_key,
        _foreign,
        _harmful,
    ],
    ids=lambda spoil: spoil.__name__,
)
def test_a_file_that_is_not_what_was_kept_is_passed_over(
    spoil: Callable[[Path], None], again: Callable[[], tuple[Library, int]], tmp_path: Path
) -> None:
    spoil(kept_file(tmp_path))
    library, read = again()
    assert read == 2
    assert NAME in library.programmes
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("spoil", [_cut, _flip, _empty, _of_another_key, _harmful, _link])
def test_a_file_that_was_passed_over_is_written_anew(
    spoil: Callable[[Path], None], again: Callable[[], tuple[Library, int]], tmp_path: Path
) -> None:
    spoil(kept_file(tmp_path))
    again()
    assert again()[1] == 0


def test_a_file_of_somebody_else_is_passed_over(
    again: Callable[[], tuple[Library, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    user = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: user + 1)
    assert again()[1] == 2


def test_another_text_place_or_package_is_kept_by_another_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = [("programme.yaml", b"a"), ("2024.yaml", b"b")]
    key = key_of("policies/x", files)
    assert key == key_of("policies/x", list(files))
    others = {
        key_of("policies/y", files),
        key_of("policies/x", [("programme.yaml", b"a"), ("2024.yaml", b"c")]),
        key_of("policies/x", [("programme.yaml", b"a"), ("2025.yaml", b"b")]),
        key_of("policies/x", files[:1]),
    }
    monkeypatch.setattr(module, "_engine", lambda: b"another")
    others.add(key_of("policies/x", files))
    assert len(others) == 5
    assert key not in others


def test_a_change_of_a_file_is_seen_at_once(filled: tuple[Path, Path], tmp_path: Path) -> None:
    shutil.copytree(filled[0], tmp_path / "policies")
    cache = Cache(tmp_path / "kept")
    read_folder(tmp_path / "policies", cache=cache)
    path = tmp_path / "policies" / NAME / "2024-07-01.yaml"
    path.write_bytes(path.read_bytes() + b"# changed\n")
    (_, newest) = read_folder(tmp_path / "policies", cache=cache).programmes[NAME].versions
    assert newest.policy.digest == sha256(path.read_bytes()).hexdigest()
    path.write_text("{", encoding="utf-8")
    broken = read_folder(tmp_path / "policies", cache=cache)
    assert NAME not in broken.programmes
    assert broken.diagnostics


def test_nothing_is_kept_of_a_programme_with_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "policies" / NAME).mkdir(parents=True)
    (tmp_path / "policies" / NAME / "programme.yaml").write_text("{", encoding="utf-8")
    read_folder(tmp_path / "policies", cache=Cache(tmp_path / "kept"))
    assert not (tmp_path / "kept").exists()


def test_a_place_that_cannot_be_written_is_no_failure(
    filled: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    library = read_folder(filled[0], cache=Cache(tmp_path / "file" / "kept"))
    assert NAME in library.programmes


def test_the_oldest_files_go(again: Callable[[], tuple[Library, int]], tmp_path: Path) -> None:
    kept_file(tmp_path).unlink()
    for number in range(KEPT + 5):
        path = tmp_path / "kept" / f"{number:064}.programme"
        path.write_bytes(b"")
        os.utime(path, (number, number))
    again()
    left = {each.name for each in (tmp_path / "kept").iterdir()}
    assert len(left) == KEPT
    assert f"{0:064}.programme" not in left


class _Name(str):
    """A text with more to it, as the readers of files have them."""

    __slots__ = ("node",)


class _Kind(StrEnum):
    ONE = "one"


def _outcome(*found: Diagnostic) -> Outcome:
    return Outcome("a", True, True, 0, (), found, ())


@pytest.mark.parametrize(
    "value",
    [
        _Name("name"),
        _Kind.ONE,
        date(2024, 1, 31),
        Decimal("1.50"),
        ("a", 1),
        12,
        True,
        None,
        message("unknown name `{name}`", name=_Name("x")),
        worded({"sv": "a", "de": "b", "en": "c"}),
    ],
    ids=repr,
)
def test_what_a_check_found_reads_the_same_afterwards(value: object, tmp_path: Path) -> None:
    text = message("unknown name `{name}`", name=value)
    source = Source("a\r\nb\n", "policies/a/v.yaml")
    given = Diagnostic("feel.unknown-name", text, Span(3, 4), source, text, "warning", text)
    cache = Cache(tmp_path / "kept")
    cache.save_outcome("0" * 64, _outcome(given))
    kept = cache.load_outcome("0" * 64)
    assert kept is not None
    (found,) = kept.found
    for language in LANGUAGES:
        assert render(found, language) == render(given, language)
        assert render(replace(found, place=None)) == render(replace(given, place=None))


def test_what_was_kept_as_another_kind_is_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "kept")
    cache.save_outcome("0" * 64, _outcome())
    path = tmp_path / "kept" / f"{'0' * 64}.outcome"
    shutil.copy(path, path.with_suffix(".programme"))
    assert cache.load_outcome("0" * 64) == _outcome()
    assert cache.load("0" * 64) is None


def test_of_what_checks_found_the_oldest_goes_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "OUTCOMES", 8)
    cache = Cache(tmp_path / "kept")
    for number in range(9):
        cache.save_outcome(f"{number:064}", _outcome())
        os.utime(tmp_path / "kept" / f"{number:064}.outcome", (number, number))
    assert len(list(cache.folder.iterdir())) == 9  # one more is borne
    cache.save_outcome(f"{9:064}", _outcome())
    assert [int(each.stem) for each in sorted(cache.folder.iterdir())] == [2, 3, 4, 5, 6, 7, 8, 9]


def test_another_package_beside_this_one_makes_another_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module._engine.cache_clear()
    before = key_of("policies/x", [])
    (tmp_path / "jsonschema-99.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    assert key_of("policies/x", []) == before  # not while a process runs
    module._engine.cache_clear()
    assert key_of("policies/x", []) != before
    module._engine.cache_clear()


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"HOME": "/home/x"}, "/home/x/.cache/policyeval"),
        ({"HOME": "/home/x", "XDG_CACHE_HOME": "/var/c"}, "/var/c/policyeval"),
        ({"HOME": "/home/x", "XDG_CACHE_HOME": "relative"}, "/home/x/.cache/policyeval"),
        ({"HOME": "/home/x", "POLICYEVAL_CACHE": "off"}, None),
        ({}, None),
        ({"HOME": "relative"}, None),
    ],
)
def test_the_place_is_the_user_s_own(
    environment: dict[str, str], folder: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_CACHE_HOME", "POLICYEVAL_CACHE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert user_cache() == (None if folder is None else Cache(Path(folder)))
