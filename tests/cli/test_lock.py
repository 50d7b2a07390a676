"""`policyeval lock`: what was published is neither changed nor removed, only followed."""

import contextlib
import json
import re
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policyeval.messages import LANGUAGES
from policyeval.policy.lock import lock_text
from tests.cli.conftest import Cli, Output

NAME = "example-referral"
OLD, NEW = "2024-01-01", "2024-07-01"
LOCK = "policies/policies.lock"


def problems(found: Output) -> list[tuple[str, int, str]]:
    """Give file, line and code of what was found, in a text or in the report of an exception."""
    lines = re.findall(
        r"^(\S+):(\d+):\d+: (?:error|warning): .*\[([a-z.-]+)\]$", found.out, re.MULTILINE
    )
    return [(file, int(line), code) for file, line, code in lines]


@pytest.fixture
def published(policies: Path) -> Path:
    """Give the lock file of a base branch on which both versions are published."""
    names = ((NAME, each) for each in (OLD, NEW))
    digests = {each: sha256(version(each[1]).read_bytes()).hexdigest() for each in names}
    Path(LOCK).write_text(lock_text(digests), encoding="ascii")
    return Path(shutil.copy(LOCK, "published.lock"))


def version(name: str) -> Path:
    return Path("policies") / NAME / f"{name}.yaml"


def add(name: str, in_force: str, known_from: str) -> Path:
    """Write another version, a copy of the newest."""
    text = version(NEW).read_text(encoding="utf-8")
    for key, value in (
        ("version", f'"{name}"'),
        ("in_force", in_force),
        ("known_from", known_from),
    ):
        text = re.sub(f"^{key}: .*$", f"{key}: {value}", text, count=1, flags=re.MULTILINE)
    version(name).write_text(text, encoding="utf-8")
    return version(name)


# ------------------------------------------------------------------------------- as published


def test_what_is_as_it_was_published_is_fine_and_nothing_is_written(
    cli: Cli, published: Path
) -> None:
    before = Path(LOCK).stat()
    for extra in ([], ["--published", str(published)], ["--complete"]):
        found = cli("lock", "--check", *extra)
        assert found == Output(0, "", "versions: 2; errors: 0, warnings: 0\n")
    given = cli("lock", "--check", "--published", "-", given=published.read_bytes())
    assert given.status == 0
    assert (before.st_ino, before.st_mtime_ns) == (
        Path(LOCK).stat().st_ino,
        Path(LOCK).stat().st_mtime_ns,
    )


def test_a_version_that_follows_is_allowed_and_asked_to_be_recorded(
    cli: Cli, published: Path
) -> None:
    add("2025-01-01", "{from: 2025-01-01}", "2024-12-01")
    follows = cli("lock", "--check", "--published", str(published))
    assert (follows.status, problems(follows)) == (
        0,
        [("policies/example-referral/2025-01-01.yaml", 1, "registry.not-locked")],
    )
    complete = cli("lock", "--check", "--complete", "--published", str(published))
    assert (complete.status, problems(complete)) == (1, problems(follows))
    assert cli("lock").out == f"recorded {NAME}/2025-01-01\n"
    assert cli("lock", "--check", "--complete", "--published", str(published)).status == 0


RETROACTIVE = {
    "between": "{from: 2024-03-01, until: 2024-04-30}",
    "before": "{from: 2023-01-01, until: 2023-12-31}",
    "since-ever": "{until: 2023-12-31}",
    "correction": "{from: 2024-07-01, until: 2025-12-31}",
}


@pytest.mark.parametrize("in_force", RETROACTIVE.values(), ids=RETROACTIVE)
def test_a_version_of_earlier_days_may_come_if_it_is_known_later(
    cli: Cli, published: Path, in_force: str
) -> None:
    add("2024-03-01", in_force, "2024-09-01")
    found = cli("lock", "--check", "--published", str(published))
    assert (found.status, {code for *_, code in problems(found)}) == (0, {"registry.not-locked"})
    assert cli("lock").status == 0


@pytest.mark.parametrize("in_force", RETROACTIVE.values(), ids=RETROACTIVE)
def test_a_version_that_was_known_before_what_is_published_rewrites_history(
    cli: Cli, published: Path, in_force: str
) -> None:
    path = add("2024-03-01", in_force, "2024-06-09T23:59:59")
    line = path.read_text(encoding="utf-8").splitlines().index("known_from: 2024-06-09T23:59:59")
    expected = (path.as_posix(), line + 1, "registry.published")
    for arguments in (
        ["lock", "--check", "--published", str(published)],
        ["lock", "--check"],
        ["lock"],
    ):
        found = cli(*arguments)
        assert found.status == 1
        assert expected in problems(found)
        assert "than `2024-07-01`, which was published already (`2024-06-10T00:00:00`)" in found.out
    assert Path(LOCK).read_bytes() == published.read_bytes()


def test_a_version_that_is_known_at_the_same_moment_is_only_warned_of(
    cli: Cli, published: Path
) -> None:
    path = add("2025-01-01", "{from: 2025-01-01}", "2024-06-10")
    found = cli("lock", "--check", "--published", str(published))
    assert (found.status, (path.as_posix(), 6, "registry.published") in problems(found)) == (
        0,
        True,
    )
    recorded = cli("lock")
    assert recorded.status == 0
    assert "[registry.published]" in recorded.err
    assert recorded.out == f"recorded {NAME}/2025-01-01\n"


# ------------------------------------------------------------------------------- tampering


def test_a_lock_line_edited_with_its_version_is_found_in_both_files(
    cli: Cli, published: Path
) -> None:
    edited = version(OLD)
    edited.write_bytes(edited.read_bytes() + b"# edited\n")
    Path(LOCK).unlink()
    assert cli("lock").status == 0  # the lock file alone sees nothing
    assert cli("lock", "--check").status == 0
    found = cli("lock", "--check", "--published", str(published))
    assert (found.status, problems(found)) == (1, [(LOCK, 2, "registry.published")])
    assert (
        "`example-referral` was published with another digest, in line 2 of `published.lock`"
        in found.out
    )


def test_a_lock_line_removed_with_its_version_is_found(cli: Cli, published: Path) -> None:
    version(OLD).unlink()
    Path(LOCK).unlink()
    assert cli("lock").status == 0
    found = cli("lock", "--check", "--published", str(published))
    assert (found.status, problems(found)) == (1, [("published.lock", 2, "registry.published")])
    assert "was published, and `policies/policies.lock` no longer records it" in found.out


def test_a_lock_file_that_is_lost_loses_every_version(cli: Cli, published: Path) -> None:
    Path(LOCK).unlink()
    found = cli("lock", "--check", "--published", str(published))
    assert found.status == 1
    lost = [each for each in problems(found) if each[2] == "registry.published"]
    assert lost == [("published.lock", line, "registry.published") for line in (2, 3)]


def test_only_the_programme_that_is_asked_for_is_looked_at(cli: Cli, published: Path) -> None:
    text = published.read_text(encoding="ascii")
    published.write_text(text.replace("# end", f"other v1 {'0' * 64}\n# end"), encoding="ascii")
    assert cli("lock", f"policies/{NAME}", "--check", "--published", str(published)).status == 0
    whole = cli("lock", "--check", "--published", str(published))
    assert problems(whole) == [("published.lock", 4, "registry.published")]


def test_what_is_wrong_with_a_version_is_told_with_it(cli: Cli, published: Path) -> None:
    version(OLD).write_text("{", encoding="utf-8")
    Path(LOCK).write_text(
        published.read_text(encoding="ascii").replace(f"{NAME} {NEW}", f"{NAME} 2024-07-02"),
        encoding="ascii",
    )
    codes = {code for *_, code in problems(cli("lock", "--check", "--published", str(published)))}
    assert codes >= {
        "registry.digest-changed",
        "registry.locked-missing",
        "registry.published",
        "yaml.syntax",
    }


DAMAGED = {"empty": b"", "cut": b"# written by policyeval lock\n", "other": b"\xff\x00[]"}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("way", ["file", "stdin"])
def test_a_published_lock_file_that_is_none_is_an_error_and_not_a_permission(
    cli: Cli, published: Path, data: bytes, way: str
) -> None:
    published.write_bytes(data)
    name = "-" if way == "stdin" else str(published)
    found = cli("lock", "--check", "--published", name, given=data)
    assert found.status == 1
    assert "[registry.lock-file]" in found.out


@pytest.mark.parametrize("name", ["nowhere.lock", "policies", "no\0file"])
def test_a_published_lock_file_that_cannot_be_read_is_named(
    cli: Cli, published: Path, name: str
) -> None:
    found = cli("lock", "--check", "--published", name)
    assert (found.status, "[registry.not-a-file]" in found.out) == (1, True)


def test_standard_input_without_end_is_not_read_for_ever(cli: Cli, published: Path) -> None:
    found = cli("lock", "--check", "--published", "-", given=b"#" * (2 << 20))
    assert (found.status, "[registry.not-a-file]" in found.out) == (1, True)


@pytest.mark.parametrize("option", [["--published", "x"], ["--complete"]])
def test_what_belongs_to_the_check_is_refused_without_it(
    cli: Cli, published: Path, option: list[str]
) -> None:
    found = cli("lock", *option)
    assert (found.status, found.out) == (2, "")
    assert f"`{option[0]}`" in found.err


@pytest.mark.parametrize("form", ["json", "github", "sarif"])
def test_programs_are_told_as_well(cli: Cli, published: Path, form: str) -> None:
    Path(LOCK).unlink()
    found = cli("lock", "--check", "--published", str(published), "--format", form)
    assert (found.status, found.err) == (1, "")
    assert "registry.published" in found.out
    if form != "github":
        assert json.loads(found.out)


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_are_told_in_every_language(cli: Cli, published: Path, language: str) -> None:
    Path(LOCK).unlink()
    found = cli("lock", "--check", "--published", str(published), "--lang", language)
    assert found.status == 1
    assert "`2024-01-01`" in found.out


# ------------------------------------------------------------------------------- the law


def _rename(path: Path, _: bytes) -> None:
    path.rename(path.with_name("renamed.yaml"))


def _swap(path: Path, _: bytes) -> None:
    other = version(NEW if path.stem == OLD else OLD)
    path.write_bytes(other.read_bytes())


def _append(path: Path, data: bytes) -> None:
    path.write_bytes(path.read_bytes() + (data or b" "))


def _insert(path: Path, data: bytes) -> None:
    whole = path.read_bytes()
    at = len(data) * 97 % len(whole)
    path.write_bytes(whole[:at] + (data or b"\n") + whole[at:])


def _cut(path: Path, data: bytes) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - 1 - len(data) * 31 % len(whole)])


def _remove(path: Path, _: bytes) -> None:
    path.unlink()


EDITS: list[Callable[[Path, bytes], None]] = [_append, _insert, _cut, _remove, _rename, _swap]


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.tuples(st.sampled_from([OLD, NEW]), st.sampled_from(["kept", "rewritten", "dropped"])),
    st.tuples(st.sampled_from(EDITS), st.binary(max_size=8)),
)
def test_any_edit_of_a_published_version_or_of_its_line_is_found(
    cli: Cli,
    published: Path,
    tmp_path_factory: pytest.TempPathFactory,
    entry: tuple[str, str],
    change: tuple[Callable[[Path, bytes], None], bytes],
) -> None:
    (name, line), (edit, data) = entry, change
    root = tmp_path_factory.mktemp("edited")
    shutil.copytree("policies", root / "policies")
    base = published.absolute()
    with contextlib.chdir(root):
        edit(version(name), data)
        lock = Path(LOCK)
        written = re.compile(f"^{NAME} {name} ([0-9a-f]{{64}})\n", re.MULTILINE)
        text = lock.read_text(encoding="ascii")
        if line == "dropped":
            lock.write_text(written.sub("", text), encoding="ascii")
        elif line == "rewritten":
            lock.write_text(written.sub(f"{NAME} {name} {'ab' * 32}\n", text), encoding="ascii")
        found = cli("lock", "--check", "--published", str(base))
        assert found.status == 1
        codes = {code for *_, code in problems(found)}
        if line == "kept":
            assert codes & {"registry.digest-changed", "registry.locked-missing"}
        else:
            assert "registry.published" in codes
