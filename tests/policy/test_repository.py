"""A folder of policies is read as a whole: every problem is found, and what is sound can be used."""

import os
from pathlib import Path

import pytest

from policyeval.diagnostics import render
from policyeval.errors import PolicyError
from policyeval.messages import LANGUAGES
from policyeval.policy.ids import is_programme_id, is_version_id
from policyeval.policy.repository import Library
from tests.policy.made_versions import found, read, write_programme, write_version

IN_2020, IN_2021 = "{from: 2020-01-01}", "{from: 2021-01-01}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a folder of policies with two sound programmes."""
    write_programme(tmp_path / "policies" / "alpha", v1=IN_2020, v2=IN_2021)
    write_programme(tmp_path / "policies" / "beta", v1=IN_2020)
    return tmp_path / "policies"


def versions(library: Library) -> dict[str, list[str]]:
    """Give the versions of each programme that can be used; render everything else as well."""
    for each in library.diagnostics:
        for language in LANGUAGES:
            assert f"[{each.code}]" in render(each, language).split("\n")[0]
    return {
        name: [version.policy.version for version in each.versions]
        for name, each in library.programmes.items()
    }


def problems(root: Path) -> list[tuple[str, str, str]]:
    return found(read(root), root)


# ------------------------------------------------------------------------------- what is read


def test_every_programme_is_read_with_its_versions_in_order(root: Path) -> None:
    write_version(root / "alpha", "a-correction", IN_2020)
    (root / "alpha" / "a-correction.yaml").write_text(
        "programme: alpha\nversion: a-correction\nin_force: {from: 2020-01-01}\n"
        "known_from: 2020-06-01T12:00:00\n"
    )
    library = read(root)
    assert versions(library) == {"alpha": ["v1", "a-correction", "v2"], "beta": ["v1"]}
    assert library.programmes["alpha"].folder == root / "alpha"
    assert library.programmes["alpha"].programme.name == "alpha"
    assert library.root == root
    library.refuse()


def test_a_programme_can_be_read_alone(root: Path) -> None:
    write_version(root / "beta", "v2", more="wrong: 1\n")
    library = read(root / "alpha")
    assert versions(library) == {"alpha": ["v1", "v2"]}
    assert library.part == ("alpha",)
    assert library.root == root


@pytest.mark.parametrize(
    ("file", "expected"), [("v2.yaml", ["v2"]), ("programme.yaml", []), ("cases.yaml", [])]
)
def test_a_file_can_be_read_alone(root: Path, file: str, expected: list[str]) -> None:
    write_version(root / "alpha", "v1", more="wrong: 1\n")
    write_version(root / "alpha", "cases", more="wrong: 1\n")
    library = read(root / "alpha" / file)
    assert versions(library) == {"alpha": expected}
    assert found(library, root) == []


@pytest.mark.parametrize(
    "path", [".", "v1.yaml", "../alpha", "../alpha/v1.yaml", "../beta/../alpha"]
)
def test_a_path_may_be_given_from_within_the_folder(
    root: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root / "alpha")
    assert list(versions(read(path))) == ["alpha"]
    assert list(versions(read(".."))) == ["alpha", "beta"]


def test_hidden_files_and_files_of_other_kinds_are_left_alone(root: Path) -> None:
    for name in (
        ".hidden.yaml",
        "README.md",
        "notes.txt",
        ".#v1.yaml",
        "cases.yaml",
        "_draft.yaml",
    ):
        (root / "alpha" / name).write_text("]")
    (root / "README.md").write_text("about")
    (root / ".git").mkdir()
    (root / "pictures").mkdir()
    (root / "pictures" / "a.png").write_bytes(b"\x00")
    assert problems(root) == []
    assert versions(read(root)) == {"alpha": ["v1", "v2"], "beta": ["v1"]}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("v3.yml", "v3.yaml"),
        ("V3.yaml", "v3.yaml"),
        ("v3.YAML", "v3.yaml"),
        ("Cases.YML", "cases.yaml"),
    ],
)
def test_a_file_whose_name_is_almost_right_is_not_passed_over(
    root: Path, name: str, wanted: str
) -> None:
    (root / "alpha" / name).write_text("]")
    assert problems(root) == [("error", "registry.ignored-file", f"alpha/{name}")]
    (refused,) = [e for e in read(root).diagnostics if e.code == "registry.ignored-file"]
    assert refused.help is not None
    assert refused.help.text() == f"rename it to `{wanted}`"
    assert found(read(root / "alpha" / name), root) == [
        ("error", "registry.ignored-file", f"alpha/{name}")
    ]


def test_a_file_beside_the_programmes_gives_a_warning(root: Path) -> None:
    (root / "v1.yaml").write_text("]")
    assert problems(root) == [("warning", "registry.ignored-file", "v1.yaml")]


# ------------------------------------------------------------------------------- what is wrong


def test_every_problem_of_every_file_is_found_and_the_other_programmes_can_be_used(
    root: Path,
) -> None:
    (root / "alpha" / "v1.yaml").write_text("a: 1\na: 2\nb: *x\n")
    write_version(root / "alpha", "v2", more="x: wrong\n")
    write_version(root / "alpha", "v3", "{from: 2022-02-01}", "x: odd\n")
    write_version(root / "alpha", "v4", "{from: 2022-02-01}")
    write_programme(root / "gamma", v1=IN_2020)
    (root / "gamma" / "programme.yaml").write_text("'")
    (root / "gamma" / "v1.yaml").write_text("[")
    library = read(root)
    assert versions(library) == {"beta": ["v1"]}
    assert found(library, root) == [
        ("error", "yaml.duplicate-key", "alpha/v1.yaml"),
        ("error", "yaml.alias-not-allowed", "alpha/v1.yaml"),
        ("error", "feel.unknown-name", "alpha/v2.yaml"),
        ("warning", "text.script", "alpha/v3.yaml"),
        ("error", "registry.overlap", "alpha/v4.yaml"),
        ("error", "yaml.syntax", "gamma/programme.yaml"),
        ("error", "yaml.syntax", "gamma/v1.yaml"),
    ]
    with pytest.raises(PolicyError) as caught:
        library.refuse()
    assert caught.value.diagnostics == library.diagnostics


def test_what_every_version_finds_in_the_programme_is_said_once(root: Path) -> None:
    (root / "alpha" / "programme.yaml").write_text("programme: alpha\nday: ungoverned\n")
    assert problems(root) == [("error", "feel.unknown-name", "alpha/programme.yaml")]


def test_warnings_alone_refuse_nothing(root: Path) -> None:
    write_version(root / "beta", "v1", "{from: 2020-01-01, until: 2020-12-31}")
    write_version(root / "beta", "v2", "{from: 2021-01-02}")
    library = read(root)
    assert found(library, root) == [("warning", "registry.gap", "beta/v2.yaml")]
    library.refuse()
    assert list(library.programmes) == ["alpha", "beta"]


def test_two_versions_from_the_same_day_are_an_error_that_names_both(root: Path) -> None:
    write_version(root / "beta", "v2", IN_2020)
    assert problems(root) == [("error", "registry.overlap", "beta/v2.yaml")]
    (overlap,) = [e for e in read(root).diagnostics if e.code == "registry.overlap"]
    assert f"`{root.as_posix()}/beta/v1.yaml`" in overlap.message.text()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("programme: alpha\nversion: v3\n", "registry.wrong-name"),
        ("programme: beta\nversion: v2\n", "registry.wrong-name"),
        ("programme: alpha\nversion: ../../etc/passwd\n", "registry.bad-id"),
        ("programme: ../beta\nversion: v2\n", "registry.bad-id"),
    ],
)
def test_a_version_calls_itself_as_its_file_is_named(root: Path, written: str, code: str) -> None:
    days = f"in_force: {IN_2021}\nknown_from: 2020-01-01\n"
    (root / "alpha" / "v2.yaml").write_text(written + days)
    assert problems(root) == [("error", code, "alpha/v2.yaml")]
    assert versions(read(root)) == {"beta": ["v1"]}


def test_a_wrong_name_is_shown_where_it_stands(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root.parent)
    (root / "alpha" / "programme.yaml").write_text("# ours\nprogramme: alfa\n")
    (error,) = [e for e in read("policies").diagnostics if e.code == "registry.wrong-name"]
    assert render(error) == (
        "policies/alpha/programme.yaml:2:12: error: the file says programme `alfa`, and its folder's "
        "name is another  [registry.wrong-name]\n"
        "    2 | programme: alfa\n"
        "      |            ^^^^\n"
        "   help: write `alpha` here, or rename it"
    )


def test_a_programme_needs_its_own_file_and_had_better_have_a_version(root: Path) -> None:
    (root / "alpha" / "programme.yaml").unlink()
    (root / "beta" / "v1.yaml").unlink()
    assert problems(root) == [
        ("error", "registry.missing", "alpha/programme.yaml"),
        ("warning", "registry.missing", "beta/programme.yaml"),
    ]
    assert versions(read(root)) == {"beta": []}
    assert found(read(root / "alpha" / "v1.yaml"), root) == [
        ("error", "registry.missing", "alpha/programme.yaml")
    ]


def test_a_folder_without_programmes_and_no_folder_at_all_are_errors(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert [each.code for each in read(tmp_path / "empty").diagnostics] == ["registry.missing"]
    for path in ("none", "none/x.yaml", "a\0b", "x" * 5_000):
        assert [each.code for each in read(tmp_path / path).diagnostics] == ["registry.not-a-file"]


# ------------------------------------------------------------------------------- row 16: names

BAD = [
    "../../etc/passwd",
    "a/b",
    "a%2Fb",
    "CON",
    "con",
    "nul.txt",
    "com1",
    ".",
    "..",
    "",
    "a" * 65,
    "\uff41",
    "\u0430",
    "a b",
    "a\n",
    "a.",
    "-a",
    "A",
    "1a\u0661",
]


@pytest.mark.parametrize("name", BAD, ids=ascii)
def test_what_could_lead_elsewhere_is_no_name_and_nothing_is_found_by_it(
    root: Path, name: str
) -> None:
    assert not is_programme_id(name)
    assert not is_version_id(name)
    assert name not in read(root).programmes


@pytest.mark.parametrize("name", ["a", "a" * 64, "kund-2.program_b", "console", "com", "x.con"])
def test_a_plain_word_is_a_name(name: str) -> None:
    assert is_programme_id(name)
    assert is_version_id(name)


def test_a_version_may_begin_with_a_digit_and_is_not_named_like_the_other_files() -> None:
    assert is_version_id("2023-11-30")
    assert not is_programme_id("2023-11-30")
    assert not is_version_id("programme")
    assert not is_version_id("cases")


@pytest.mark.parametrize(
    "name", ["CON", "a%2Fb", "\uff41", "a" * 65, "a b", "a\nb", "\udce5"], ids=ascii
)
def test_a_folder_with_such_a_name_is_refused_and_nothing_in_it_is_opened(
    root: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_programme(root / name, v1="]")
    opened: list[str] = []
    os_open = os.open

    def noting(path: str, flags: int) -> int:
        opened.append(path)
        return os_open(path, flags)

    monkeypatch.setattr(os, "open", noting)
    library = read(root)
    assert [each.code for each in library.diagnostics if each.severity == "error"] == [
        "registry.bad-id"
    ]
    assert versions(library) == {"alpha": ["v1", "v2"], "beta": ["v1"]}
    assert opened
    assert not any(os.fspath(root / name) in each for each in opened)


@pytest.mark.parametrize("name", ["con", "nul.1", "\uff41", "a" * 65, "a b"], ids=ascii)
def test_a_version_with_such_a_name_is_refused(root: Path, name: str) -> None:
    (root / "alpha" / f"{name}.yaml").write_text("]")
    assert problems(root) == [("error", "registry.bad-id", f"alpha/{name}.yaml")]
    assert list(versions(read(root))) == ["beta"]


# ------------------------------------------------------------------------------- row 17: no files


def test_what_is_no_file_is_refused_and_the_others_still_load(root: Path, tmp_path: Path) -> None:
    outside = write_version(root / "beta", "v1").rename(tmp_path / "outside.yaml")
    write_version(root / "beta", "v1")
    folder = root / "alpha"
    (folder / "v3.yaml").symlink_to(outside)
    os.mkfifo(folder / "v4.yaml")
    (folder / "v5.yaml").mkdir()
    (folder / "v6.yaml").symlink_to("v7.yaml")
    (folder / "v7.yaml").symlink_to("v6.yaml")
    (folder / "v8.yaml").symlink_to("nowhere")
    (folder / "v9.yaml").symlink_to("/dev/zero")
    library = read(root)
    assert found(library, root) == [
        ("error", "registry.not-a-file", f"alpha/v{number}.yaml") for number in range(3, 10)
    ]
    assert versions(library) == {"beta": ["v1"]}


def test_a_folder_may_not_lead_out_nor_in_circles(root: Path, tmp_path: Path) -> None:
    write_programme(tmp_path / "gamma", v1=IN_2020)
    (root / "gamma").symlink_to(tmp_path / "gamma")
    (root / "loop").symlink_to("loop")
    (root / "self").symlink_to(".")
    assert problems(root) == [
        ("error", "registry.not-a-file", "gamma"),
        ("error", "registry.not-a-file", "loop"),
    ]
    assert list(versions(read(root))) == ["alpha", "beta"]
    (root / "gamma").unlink()
    (root / "loop").unlink()
    assert problems(root) == []


def test_a_link_within_the_folder_is_followed(root: Path) -> None:
    write_version(root / "alpha", "v3", "{from: 2022-01-01}").rename(root / "kept")
    (root / "alpha" / "v3.yaml").symlink_to("../kept")
    assert problems(root) == []
    assert versions(read(root))["alpha"] == ["v1", "v2", "v3"]


def test_a_programme_under_a_second_name_is_refused(root: Path) -> None:
    (root / "gamma").symlink_to("beta")
    assert {code for _, code, _ in problems(root)} == {"registry.wrong-name"}
    assert list(versions(read(root))) == ["alpha", "beta"]


def test_a_file_that_may_not_be_read_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os_open = os.open

    def refusing(path: str, flags: int) -> int:
        if path.endswith("alpha/v1.yaml"):
            raise PermissionError(13, "Permission denied")
        return os_open(path, flags)

    monkeypatch.setattr(os, "open", refusing)
    library = read(root)
    assert found(library, root) == [("error", "registry.not-a-file", "alpha/v1.yaml")]
    assert versions(library) == {"beta": ["v1"]}


def test_the_folder_of_policies_may_itself_be_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    assert list(versions(read(tmp_path / "link"))) == ["alpha", "beta"]


def test_a_file_that_is_too_large_is_not_read_to_its_end(root: Path) -> None:
    with (root / "alpha" / "v1.yaml").open("wb") as file:
        file.truncate(1 << 40)
    (error,) = [each for each in read(root).diagnostics if each.severity == "error"]
    assert error.code == "yaml.too-big"
    assert error.message.text() == "the file has 1099511627776 bytes, more than 1048576"
