"""A version that was published stays as it was, or the check fails."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.diagnostics import render
from policyeval.errors import PolicyError
from policyeval.messages import LANGUAGES
from policyeval.policy.lock import check_lock, lock_text, read_lock, write_lock
from policyeval.policy.repository import Library
from tests.policy.made_versions import found, read, write_programme, write_version

IN_2020, IN_2021 = "{from: 2020-01-01}", "{from: 2021-01-01}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a folder of policies with everything recorded."""
    write_programme(tmp_path / "policies" / "alpha", v1=IN_2020, v2=IN_2021)
    write_programme(tmp_path / "policies" / "beta", v1=IN_2020)
    write_lock(read(tmp_path / "policies"))
    return tmp_path / "policies"


def codes(library: Library) -> list[tuple[str, str]]:
    diagnostics = check_lock(library)
    for each in diagnostics:
        for language in LANGUAGES:
            assert f"[{each.code}]" in render(each, language).split("\n")[0]
    return [(each.severity, each.code) for each in diagnostics]


# ------------------------------------------------------------------------------- recording


def test_what_is_recorded_is_sorted_and_always_the_same_bytes(root: Path) -> None:
    lines = (root / "policies.lock").read_text().split("\n")
    assert lines[0] == "# written by policyeval lock"
    assert [line.split(" ")[:2] for line in lines[1:4]] == [
        ["alpha", "v1"],
        ["alpha", "v2"],
        ["beta", "v1"],
    ]
    assert [len(line.split(" ")[2]) for line in lines[1:4]] == [64, 64, 64]
    assert lines[4:] == ["# end", ""]
    assert codes(read(root)) == []
    before = (root / "policies.lock").read_bytes()
    (root / "policies.lock").unlink()
    assert write_lock(read(root)) == ["alpha/v1", "alpha/v2", "beta/v1"]
    assert (root / "policies.lock").read_bytes() == before


def test_a_new_version_gives_a_warning_until_it_is_recorded(root: Path) -> None:
    write_version(root / "beta", "v0", "{from: 2019-01-01}")
    library = read(root)
    assert codes(library) == [("warning", "registry.not-locked")]
    assert list(library.programmes) == ["alpha", "beta"]
    assert write_lock(library) == ["beta/v0"]
    assert codes(read(root)) == []
    assert write_lock(read(root)) == []


def test_nothing_is_written_if_nothing_is_new(root: Path) -> None:
    path = root / "policies.lock"
    before = path.stat()
    assert write_lock(read(root)) == []
    after = path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_what_is_recorded_is_neither_changed_nor_dropped(root: Path) -> None:
    before = (root / "policies.lock").read_text().split("\n")
    write_version(root / "alpha", "v1", IN_2020, "# changed\n")
    (root / "beta" / "v1.yaml").unlink()
    write_programme(root / "gamma", v1=IN_2020)
    assert write_lock(read(root)) == ["gamma/v1"]
    after = (root / "policies.lock").read_text().split("\n")
    assert [line for line in after if not line.startswith("gamma")] == before


def test_a_version_with_an_error_is_not_recorded(root: Path) -> None:
    write_programme(root / "gamma", v1=IN_2020)
    write_version(root / "gamma", "v2", IN_2021, "x: wrong\n")
    assert write_lock(read(root)) == []


def test_recording_one_programme_keeps_the_others(root: Path) -> None:
    write_version(root / "alpha", "v3", "{from: 2022-01-01}")
    write_version(root / "beta", "v2", IN_2021)
    assert write_lock(read(root / "beta")) == ["beta/v2"]
    assert [line.split(" ")[:2] for line in (root / "policies.lock").read_text().split("\n")[1:5]] == [
        ["alpha", "v1"], ["alpha", "v2"], ["beta", "v1"], ["beta", "v2"],
    ]  # fmt: skip


def test_the_file_is_replaced_as_a_whole_and_keeps_who_may_read_it(root: Path) -> None:
    path = root / "policies.lock"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    path.chmod(0o640)
    write_version(root / "beta", "v2", IN_2021)
    with path.open("rb") as reader:
        write_lock(read(root))
        assert reader.read().count(b"\n") == 5  # whoever reads it goes on with the old one
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(each.name for each in root.iterdir()) == ["alpha", "beta", "policies.lock"]


@pytest.mark.parametrize("failing", ["replace", "fsync"])
def test_if_it_cannot_be_written_the_old_one_stays(
    root: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (root / "policies.lock").read_bytes()
    write_version(root / "beta", "v2", IN_2021)
    library = read(root)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, full)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(PolicyError) as caught:
        write_lock(library)
    assert [each.code for each in caught.value.diagnostics] == ["registry.not-a-file"]
    assert "there is no room left for it" in caught.value.render("en")
    assert "det finns inget utrymme kvar" in caught.value.render("sv")
    assert "dafür ist kein Platz mehr" in caught.value.render("de")
    assert (root / "policies.lock").read_bytes() == before
    assert len(list(root.iterdir())) == 3


def test_a_link_in_the_place_of_the_file_is_not_replaced(root: Path, tmp_path: Path) -> None:
    kept = (root / "policies.lock").rename(root / "kept")
    (root / "policies.lock").symlink_to("kept")
    write_version(root / "beta", "v2", IN_2021)
    assert codes(read(root)) == [("warning", "registry.not-locked")]
    with pytest.raises(PolicyError):
        write_lock(read(root))
    kept.rename(tmp_path / "kept")
    assert codes(read(root))[0] == ("error", "registry.not-a-file")


# ------------------------------------------------------------------------------- rows 13, 14, 19


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"\n",
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"# x\n" + data,
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"2021-01-01", b"2021-01-02"),
        lambda _: b"[",
        lambda _: b"",
    ],
    ids=["line", "crlf", "comment", "bom", "day", "broken", "empty"],
)
def test_a_changed_version_is_found_whatever_was_changed(
    root: Path, change: Callable[[bytes], bytes]
) -> None:
    path = root / "alpha" / "v2.yaml"
    path.write_bytes(change(path.read_bytes()))
    library = read(root)
    assert codes(library) == [("error", "registry.digest-changed")]
    assert ("error", "registry.digest-changed", "alpha/v2.yaml") in found(library, root)
    assert list(library.programmes) == ["beta"]
    with pytest.raises(PolicyError):
        library.refuse()


def test_a_version_that_was_cut_short_anywhere_is_found(root: Path) -> None:
    path = write_version(
        root / "beta", "v2", IN_2021, "".join(f"rule{n}: {n}\n" for n in range(10))
    )
    write_lock(read(root))
    data = path.read_bytes()
    for end in range(len(data)):
        path.write_bytes(data[:end])
        library = read(root / "beta" / "v2.yaml")
        assert codes(library) == [("error", "registry.digest-changed")]
        assert not library.programmes


def test_a_version_with_one_bit_flipped_is_found(root: Path) -> None:
    path = root / "beta" / "v1.yaml"
    data = path.read_bytes()
    for at in range(0, len(data) * 8, 5):
        flipped = bytearray(data)
        flipped[at // 8] ^= 1 << at % 8
        path.write_bytes(flipped)
        assert codes(read(path)) == [("error", "registry.digest-changed")]


def test_a_changed_version_is_shown_with_what_to_do(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root.parent)
    write_version(root / "alpha", "v2", IN_2021, "more: 1\n")
    (error,) = [each for each in read("policies").diagnostics if each.severity == "error"]
    assert render(error) == (
        "policies/alpha/v2.yaml:1:1: error: version `v2` of `alpha` was published, and its file has "
        "been changed since  [registry.digest-changed]\n"
        "    1 | programme: alpha\n"
        "      | ^^^^^^^^^^^^^^^^\n"
        "   help: restore the file as it was; write a correction as a version of its own, with its own "
        "`known_from`"
    )


def test_a_version_that_was_removed_is_found_in_the_lock_file(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root.parent)
    (root / "alpha" / "v2.yaml").unlink()
    library = read("policies")
    assert list(library.programmes) == ["beta"]
    (error,) = library.diagnostics
    shown = render(error).split("\n")
    assert shown[0] == (
        "policies/policies.lock:3:1: error: version `v2` of `alpha` was published, and its file is "
        "missing  [registry.locked-missing]"
    )
    assert shown[1].startswith("    3 | alpha v2 ")


def test_a_programme_that_was_removed_is_found(root: Path) -> None:
    (root / "alpha").rename(root.parent / "alpha")
    assert codes(read(root)) == [("error", "registry.locked-missing")] * 2
    with pytest.raises(PolicyError):
        read(root).refuse()


def test_what_was_not_asked_for_is_not_missing(root: Path) -> None:
    (root / "alpha" / "v1.yaml").unlink()
    assert codes(read(root / "beta")) == []
    assert codes(read(root / "alpha" / "v2.yaml")) == []
    assert codes(read(root / "alpha" / "programme.yaml")) == []
    assert codes(read(root / "alpha")) == [("error", "registry.locked-missing")]


def test_a_version_that_cannot_be_read_is_not_also_missing_or_changed(root: Path) -> None:
    (root / "alpha" / "v1.yaml").unlink()
    (root / "alpha" / "v1.yaml").mkdir()
    assert found(read(root), root) == [("error", "registry.not-a-file", "alpha/v1.yaml")]


# ------------------------------------------------------------------------------- a damaged file

DIGEST = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("", [1]),
        ("\n", [1, 2]),
        ("# end\n", [1, 2]),
        ("# written by policyeval lock\n", [2]),
        ("# written by policyeval lock", [1]),
        ("# written by policyeval lock\n# end", [2]),
        (f"alpha v1 {DIGEST}\n# end\n", [1]),
        (f"# written by policyeval lock\nalpha v1 {DIGEST}\n", [3]),
        (f"# written by policyeval lock\nalpha v1 {DIGEST[:-1]}\n# end\n", [2]),
        (f"# written by policyeval lock\nalpha v1 {DIGEST.upper()}\n# end\n", [2]),
        (f"# written by policyeval lock\nalpha  v1 {DIGEST}\n# end\n", [2]),
        (f"# written by policyeval lock\nalpha v1 {DIGEST} \n# end\n", [2]),
        (f"# written by policyeval lock\n\nalpha v1 {DIGEST}\n# end\n", [2]),
        (f"# written by policyeval lock\n../x v1 {DIGEST}\n# end\n", [2]),
        (f"# written by policyeval lock\nalpha cases {DIGEST}\n# end\n", [2]),
        (f"# written by policyeval lock\nalpha v1 {DIGEST}\nalpha v1 {DIGEST}\n# end\n", [3]),
        (
            f"# written by policyeval lock\n<<<<<<< ours\nalpha v1 {DIGEST}\n=======\n# end\n",
            [2, 4],
        ),
        (f"# written by policyeval lock\nalpha v1 {DIGEST}\n# end\n# end\n", [3]),
        ("\0\xff\ud800", [1, 1]),
    ],
)
def test_a_damaged_lock_file_is_a_problem_with_its_place(
    root: Path, lines: str, expected: list[int]
) -> None:
    data = lines.encode("utf-8", "surrogatepass")
    (root / "policies.lock").write_bytes(data)
    lock = read_lock(root)
    assert {each.code for each in lock.diagnostics} == {"registry.lock-file"}
    places = [each.source.position(each.span.start).line for each in lock.diagnostics]
    assert places == expected
    assert ("error", "registry.lock-file") in codes(read(root))
    with pytest.raises(PolicyError):
        read(root).refuse()
    with pytest.raises(PolicyError):
        write_lock(read(root))
    assert (root / "policies.lock").read_bytes() == data


def test_lines_of_another_system_and_in_another_order_are_read(root: Path) -> None:
    path = root / "policies.lock"
    lines = path.read_text().split("\n")
    path.write_bytes("\r\n".join([lines[0], *reversed(lines[1:4]), *lines[4:]]).encode())
    assert codes(read(root)) == []
    write_version(root / "beta", "v2", IN_2021)
    write_lock(read(root))
    assert path.read_bytes().decode().split("\n")[:4] == lines[:4]


def test_every_cut_of_a_lock_file_is_found(root: Path) -> None:
    path = root / "policies.lock"
    data = path.read_bytes()
    for end in range(len(data)):
        path.write_bytes(data[:end])
        assert {each.code for each in read_lock(root).diagnostics} == {"registry.lock-file"}


NAMES = st.builds(
    "{}{}".format,
    st.sampled_from("bcdefghijklm"),
    st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", max_size=8),
).filter(lambda each: not each.startswith(("co", "lp")))
ENTRIES = st.dictionaries(
    st.tuples(NAMES.map("x".__add__), NAMES.map("v".__add__)),
    st.integers(0, 16**64 - 1).map("{:064x}".format),
)


@settings(max_examples=300)
@given(ENTRIES)
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, entries: dict[tuple[str, str], str]
) -> None:
    root = tmp_path_factory.mktemp("lock")
    (root / "policies.lock").write_text(lock_text(entries))
    lock = read_lock(root)
    assert lock.diagnostics == ()
    assert {each.key: each.digest for each in lock.entries} == entries


@settings(max_examples=300)
@given(st.binary(max_size=300) | st.text("#. aev1\n\r0", max_size=100).map(str.encode))
def test_no_lock_file_does_more_than_be_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    root = tmp_path_factory.mktemp("lock")
    (root / "policies.lock").write_bytes(data)
    for each in read_lock(root).diagnostics:
        assert render(each)


def test_no_lock_file_is_one_without_entries(root: Path) -> None:
    (root / "policies.lock").unlink()
    assert read_lock(root).entries == ()
    assert not read_lock(root).exists
    assert codes(read(root)) == [("warning", "registry.not-locked")] * 3
