"""`policyeval amend`: a new version from the one in force, checked before it is put in place."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from policyeval.policy.lock import read_lock
from tests.cli.conftest import Cli

NAME = "example-referral"
KNOWN = ("--known-from", "2024-08-20T09:00:00")


@pytest.fixture
def folder(policies: Path) -> Iterator[Path]:
    """Give the programme's folder, and see that no other file of it changes."""
    path = policies / NAME
    before = {each: each.read_bytes() for each in path.iterdir()}
    yield path
    assert {each: each.read_bytes() for each in before} == before


def changed(out: str) -> list[str]:
    return [
        line for line in out.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]


HEAD = [
    '-version: "2024-07-01"',
    "-in_force: {from: 2024-07-01, until: 2025-12-31}",
    "-known_from: 2024-06-10",
    '+version: "2024-09-01"',
    "+in_force: {from: 2024-09-01, until: 2025-12-31}",
    "+known_from: 2024-08-20T09:00:00",
]


def test_a_copy_has_its_own_days_and_every_other_byte_of_the_one_in_force(
    cli: Cli, folder: Path
) -> None:
    found = cli("amend", NAME, "--from", "2024-09-01", *KNOWN)
    assert (found.status, changed(found.out)) == (0, HEAD)
    before = (folder / "2024-07-01.yaml").read_text(encoding="utf-8")
    after = (folder / "2024-09-01.yaml").read_text(encoding="utf-8")
    for old, new in zip(HEAD[:3], HEAD[3:], strict=True):
        before = before.replace(old[1:] + "\n", new[1:] + "\n")
    assert after == before
    assert found.out.startswith(
        "--- policies/example-referral/2024-07-01.yaml\n"
        "+++ policies/example-referral/2024-09-01.yaml\n"
    )
    for step in ("check", "diff example-referral 2024-07-01 2024-09-01", "test", "lock"):
        assert f"policyeval {step}" in found.err
    assert "it ends on 2025-12-31, as version `2024-07-01` does" in found.err
    assert cli("check", "policies").status == 0
    versions = cli("versions", NAME).out
    assert re.search(r"2024-09-01 +2024-09-01 +2025-12-31", versions)


def test_values_conditions_and_leaves_are_set(cli: Cli, folder: Path) -> None:
    found = cli(
        "amend",
        NAME,
        *("--from", "2024-09-01", *KNOWN),
        *("--set", 'parameters.order_period=duration("P60D")'),
        *(
            "--set",
            "decisions.fee_payable.requires.ordered_in_time=ordered_on < order_window_ends_on",
        ),
        *(
            "--set",
            "decisions.fee_payable.excluded_if.came_by_itself.when=customer_contact_at <= referred_at",
        ),
        *("--set", "decisions.fee_due_on = paid_on + payment_period + payment_period"),
        *("--set", "facts.first_order.presume=true"),
        *("--set", "decisions.fee_rate.table.rules.software.then.0=0.12"),
        *("--set", 'clauses."4.4".gist.en=Special offers: nothing is said.'),
        *("--set", "readings.days_of_extension.adopted.option=working"),
    )
    assert found.status == 0, found.err
    lines = changed(found.out)[3:]
    added = {line[1:].strip() for line in lines if line.startswith("+")}
    assert {
        'value: duration("P60D")',
        "that: ordered_on < order_window_ends_on",
        "when: customer_contact_at <= referred_at",
        "value: paid_on + payment_period + payment_period",
        "presume: true",
        'en: "Special offers: nothing is said."',
        "option: working",
    } <= added
    assert any('then: ["0.12"]' in line for line in added)
    assert cli("check", "policies").status == 0


def test_what_the_format_names_can_be_added(cli: Cli, folder: Path) -> None:
    adopted = "readings.first_year_runs_from.adopted"
    found = cli(
        "amend",
        NAME,
        *("--from", "2024-09-01", *KNOWN),
        *("--set", f"{adopted}.option=order"),
        *("--set", f"{adopted}.by=legal"),
        *("--set", f"{adopted}.on=2024-08-01"),
        *(f"--set={adopted}.because.{each}=so, it is" for each in ("sv", "de", "en")),
    )
    assert found.status == 0, found.err
    assert (
        '+    adopted: {option: order, by: legal, on: 2024-08-01, because: {sv: "so, it is", '
        'de: "so, it is", en: "so, it is"}}'
    ) in found.out
    assert cli("check", "policies").status == 0


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_written(
    cli: Cli, folder: Path
) -> None:
    found = cli(
        "amend",
        NAME,
        *("--from", "2024-09-01", *KNOWN),
        *("--set", "parameters.order_perod=1"),
        *("--set", "order_period=1"),
        *("--set", "decisions.fee_payable=true"),
        *("--set", "parameters.extension=1"),
        *("--set", "facts.product.typ=string"),
        *("--set", "sections.x=1"),
        *("--set", "nonsense"),
        *("--set", 'parameters.order_period=duration("P60D") + xyz'),
        *("--set", "decisions.fee_due_on=1 +"),
        *("--set", "facts.product.type=number"),
    )
    assert (found.status, found.out) == (1, "")
    for expected in (
        "--set:1:1: error: there is no `parameters.order_perod`",
        "help: did you mean `parameters.order_period`?",
        "--set:1:1: error: there is no `order_period`",
        "`decisions.fee_payable` is more than one value",
        "`parameters.extension.value` is more than one value",
        "`parameters.extension.value.calendar`",
        "help: did you mean `facts.product.type`?",
        "there is no `sections`",
        "this is no address with a value",
        "unknown name `xyz`",
        "[feel.syntax]",
        "[schema.choice]",
    ):
        assert expected in found.err
    assert found.err.count("help: did you mean `parameters.order_period`?") == 2
    place = re.search(r"2024-09-01\.yaml:(\d+):(\d+): error: unknown name `xyz`", found.err)
    assert place is not None
    assert '    value: duration("P60D") + xyz\n' in found.err
    assert not (folder / "2024-09-01.yaml").exists()


def test_a_dry_run_shows_the_same_and_writes_nothing(cli: Cli, folder: Path) -> None:
    there = sorted(folder.iterdir())
    found = cli("amend", NAME, "--from", "2024-09-01", *KNOWN, "--dry-run")
    assert (found.status, changed(found.out)) == (0, HEAD)
    assert "nothing is written" in found.err
    assert sorted(folder.iterdir()) == there


def test_a_correction_gets_a_number_and_governs_from_the_same_day(cli: Cli, folder: Path) -> None:
    for name, base, hour in (
        ("2024-07-01-2", "2024-07-01", 9),
        ("2024-07-01-3", "2024-07-01-2", 10),
    ):
        found = cli(
            "amend", NAME, "--from", "2024-07-01", "--known-from", f"2024-08-20T{hour:02}:00:00"
        )
        assert found.status == 0
        assert f"`policies/{NAME}/{name}.yaml` is written from version `{base}`" in found.err
    assert cli("check", "policies").status == 0
    assert re.search(r"2024-07-01-3 +2024-07-01 ", cli("versions", NAME).out)


def test_an_older_version_can_be_corrected_and_the_later_one_is_named(
    cli: Cli, folder: Path
) -> None:
    found = cli("amend", NAME, "--from", "2024-03-01", *KNOWN)
    assert found.status == 0
    assert "is written from version `2024-01-01`" in found.err
    assert "from 2024-07-01 on version `2024-07-01` is in force, which stays as it is" in found.err


def test_a_version_that_has_ended_is_followed_without_its_last_day(cli: Cli, folder: Path) -> None:
    found = cli("amend", NAME, "--from", "2026-01-01", "--known-from", "2025-12-01")
    assert found.status == 0
    assert "+in_force: {from: 2026-01-01}" in found.out
    assert "version `2024-07-01` ended on 2025-12-31; the new one has no last day" in found.err


def test_days_that_are_missing_or_alone_are_written_where_they_belong(
    cli: Cli, policies: Path
) -> None:
    path = policies / NAME / "2024-01-01.yaml"
    (policies / NAME / "2024-07-01.yaml").unlink()
    text = path.read_text(encoding="utf-8")
    for force, written in (
        ("in_force: {}", "in_force: {from: 2024-09-01}"),
        (
            "in_force:\n    until: 2025-12-31",
            "in_force:\n    from: 2024-09-01\n    until: 2025-12-31",
        ),
        ("in_force:\n    until: 2024-08-31", "in_force:\n    from: 2024-09-01"),
    ):
        path.write_text(text.replace("in_force: {from: 2024-01-01}", force), encoding="utf-8")
        found = cli("amend", NAME, "--from", "2024-09-01", *KNOWN)
        assert found.status == 0, found.err
        new = path.with_name("2024-09-01.yaml")
        assert f"\n{written}\nknown_from" in new.read_text(encoding="utf-8")
        new.unlink()


def test_layout_comments_and_line_ends_of_a_file_by_hand_stay(cli: Cli, policies: Path) -> None:
    path = policies / NAME / "2024-07-01.yaml"
    by_hand = (
        path.read_text(encoding="utf-8")
        .replace("source:\n", "source:   # where it is from\n\n\n")
        .replace('version: "2024-07-01"', "version:   '2024-07-01'   # its name")
        .rstrip("\n")
        .replace("\n", "\r\n")
    )
    path.write_bytes(b"\xef\xbb\xbf" + by_hand.encode())
    found = cli("amend", NAME, "--from", "2024-09-01", *KNOWN)
    assert found.status == 0, found.err
    expected = (
        by_hand.replace("'2024-07-01'", "'2024-09-01'")
        .replace("{from: 2024-07-01,", "{from: 2024-09-01,")
        .replace("known_from: 2024-06-10", "known_from: 2024-08-20T09:00:00")
    )
    assert path.with_name("2024-09-01.yaml").read_bytes() == b"\xef\xbb\xbf" + expected.encode()


def test_the_new_source_text_is_recorded_with_its_digest(cli: Cli, folder: Path) -> None:
    source = Path("terms.2024-09-01.en.txt")
    source.write_bytes(b"Other terms.\n")
    found = cli("amend", NAME, "--from", "2024-09-01", *KNOWN, "--source", str(source))
    assert found.status == 0
    assert "+  file: terms.2024-09-01.en.txt" in found.out
    assert f"+  sha256: {hashlib.sha256(b'Other terms.' + bytes([10])).hexdigest()}" in found.out
    assert "-  language" not in found.out


@pytest.mark.parametrize("name", ["nowhere.txt", "."])
def test_a_source_text_that_cannot_be_read_is_named(cli: Cli, folder: Path, name: str) -> None:
    found = cli("amend", NAME, "--from", "2024-09-01", *KNOWN, "--source", name)
    assert (found.status, found.out) == (1, "")
    assert "[registry.not-a-file]" in found.err


def test_a_version_is_known_from_now_if_nothing_else_is_said(cli: Cli, folder: Path) -> None:
    found = cli("amend", NAME, "--from", "2024-09-01")
    assert found.status == 0
    said = re.search(r"known from (\S+), now, since no moment was given", found.err)
    assert said is not None
    assert f"+known_from: {said[1]}\n" in found.out


def test_a_new_version_is_not_published_and_what_is_published_stays(cli: Cli, folder: Path) -> None:
    assert cli("lock").status == 0
    lock = Path("policies/policies.lock").read_bytes()
    assert cli("amend", NAME, "--from", "2024-09-01", *KNOWN).status == 0
    assert Path("policies/policies.lock").read_bytes() == lock
    assert (NAME, "2024-09-01") not in {each.key for each in read_lock(Path("policies")).entries}
    assert cli("check", "policies").status == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "2024-02-30"), "`--from`: there is no 30 February 2024"),
        (("--from", "1 May 2024"), "`--from`: `1 May 2024` is not written the way a day is here"),
        (("--from", "2024-09-01", "--known-from", "noon"), "`--known-from`: `noon`"),
        (("--from", "2024-09-01", "--version", "A b"), "`--version`: `A b`"),
        (("--from", "2024-09-01", "--version", "cases"), "`--version`: `cases`"),
        (("--from", "2023-05-01"), "on 2023-05-01 no version has been in force yet"),
        (("--from", "2023-05-01"), "the first version, `2024-01-01`, is in force from 2024-01-01"),
        (
            ("--from", "2024-09-01", "--known-from", "2024-06-09"),
            "the text of version `2024-07-01`, which the new one is written from, is known from "
            "2024-06-10",
        ),
        (
            ("--from", "2024-07-01", "--known-from", "2024-06-10"),
            "version `2024-07-01` is in force from 2024-07-01 as well",
        ),
        (
            ("--from", "2024-09-01", "--version", "2024-01-01"),
            "there is a file `policies/example-referral/2024-01-01.yaml` already",
        ),
        (("--from", "2024-09-01", "--version", "programme"), "`--version`: `programme`"),
    ],
)
def test_a_version_that_cannot_be_is_refused(
    cli: Cli, folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    there = sorted(folder.iterdir())
    given = arguments if "--known-from" in arguments else (*arguments, *KNOWN)
    found = cli("amend", NAME, *given)
    assert (found.status, found.out) == (2, "")
    assert said in found.err
    assert sorted(folder.iterdir()) == there


def test_every_wrong_argument_is_told(cli: Cli, folder: Path) -> None:
    found = cli("amend", NAME, "--from", "x", "--known-from", "y", "--version", "Z")
    assert found.status == 2
    assert [
        option for option in ("--from", "--known-from", "--version") if option in found.err
    ] == [
        "--from",
        "--known-from",
        "--version",
    ]


def test_a_programme_that_does_not_exist_is_said(cli: Cli, policies: Path) -> None:
    found = cli("amend", "example-referal", "--from", "2024-09-01")
    assert found.status == 2
    assert "did you mean `example-referral`?" in found.err


def test_an_argument_that_is_no_text_is_refused(cli: Cli, folder: Path) -> None:
    found = cli(
        "amend", NAME, "--from", "2024-09-01", *KNOWN, "--set", "facts.product.label.en=\udcff"
    )
    assert (found.status, found.out) == (1, "")
    assert "this is not encoded as UTF-8" in found.err
