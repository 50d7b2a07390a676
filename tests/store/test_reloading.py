"""A store takes what its folder holds when that can be used, and keeps what it has when it cannot."""

import logging
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from policyeval.errors import PolicyError
from policyeval.evaluator.policies import PolicySet
from policyeval.store import Outcome, PolicyStore
from tests.store.made_policies import PROGRAMME, cases, point, publish, put, version, write

ASKED_ON = date(2024, 2, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder of policies, whose version has the number 1."""
    write(tmp_path / "policies", 1)
    return tmp_path / "policies"


def number(store: PolicyStore) -> int:
    """Give the number of the version that answers."""
    value = store.evaluate(PROGRAMME, {"amount": 0}, asked_on=ASKED_ON)["first"].value
    assert isinstance(value, Decimal)
    return int(value)


def told(store: PolicyStore, folder: Path, of: int, *, bad: bool = False) -> Outcome:
    """Write a version with a number, and tell the store."""
    write(folder, of, bad=bad)
    return store.reload()


def codes(outcome: Outcome | None) -> set[str]:
    """Give the codes of what is wrong."""
    assert outcome is not None
    return {each.code for each in outcome.diagnostics if each.severity == "error"}


# ------------------------------------------------------------------------------- being told


def test_a_store_answers_like_the_policies_it_holds(folder: Path) -> None:
    with PolicyStore(folder, watch=False) as store:
        policies = store.current.policies
        evaluation = policies.evaluate(PROGRAMME, {"amount": 5}, asked_on=ASKED_ON)
        assert store.programmes == policies.programmes == (PROGRAMME,)
        assert store.evaluate(PROGRAMME, {"amount": 5}, asked_on=ASKED_ON) == evaluation
        assert store.decide(PROGRAMME, {"amount": 5}, asked_on=ASKED_ON) == evaluation.to_record()


def test_a_reload_takes_what_the_folder_holds_now(folder: Path) -> None:
    with PolicyStore(folder, watch=False) as store:
        outcome = told(store, folder, 2)
        assert (outcome.kind, outcome.loaded) == ("loaded", store.current)
        assert number(store) == 2
        assert store.status.generation == 2


def test_a_reload_that_finds_nothing_new_changes_nothing(folder: Path) -> None:
    with PolicyStore(folder, watch=False) as store:
        before = store.current
        assert store.reload().kind == "unchanged"
        (folder / "README.md").write_text("new", encoding="utf-8")
        publish(folder)
        assert store.reload().kind == "unchanged"
        assert store.current is before


def test_who_began_to_ask_before_a_reload_goes_on_with_the_same_set(folder: Path) -> None:
    with PolicyStore(folder, watch=False) as store:
        before = store.current
        told(store, folder, 2)
        again = before.policies.evaluate(PROGRAMME, {"amount": 0}, asked_on=ASKED_ON)
        assert again["first"].value == 1


def test_a_folder_that_cannot_be_used_is_refused_at_the_start_with_every_problem(
    folder: Path,
) -> None:
    write(folder, 1, bad=True)
    with pytest.raises(PolicyError) as refused:
        PolicyStore(folder)
    errors = [each.code for each in refused.value.diagnostics if each.severity == "error"]
    assert errors == ["feel.unknown-name", "feel.unknown-name"]


def test_a_bad_folder_leaves_the_last_good_set_in_force_and_the_store_says_so(
    folder: Path,
) -> None:
    with PolicyStore(folder, watch=False) as store:
        outcome = told(store, folder, 2, bad=True)
        assert outcome.kind == "refused"
        assert number(store) == 1
        assert store.status.problem is outcome
        assert store.status.generation == 1
        assert "unknown name `amuont`" in outcome.render()
        assert "first.yaml:12:78: error" in outcome.render()


def test_a_folder_that_is_put_right_is_taken(folder: Path) -> None:
    with PolicyStore(folder, watch=False) as store:
        told(store, folder, 2, bad=True)
        assert told(store, folder, 2).kind == "loaded"
        assert store.status.problem is None
        assert number(store) == 2


def test_a_folder_that_is_again_as_it_was_has_no_problem_any_more(folder: Path) -> None:
    with PolicyStore(folder, watch=False) as store:
        told(store, folder, 2, bad=True)
        assert told(store, folder, 1).kind == "unchanged"
        assert store.status.problem is None
        assert store.status.generation == 1


def test_a_folder_that_is_gone_is_a_problem_until_it_is_back(folder: Path) -> None:
    with PolicyStore(folder, watch=False) as store:
        folder.rename(folder.with_name("gone"))
        assert codes(store.reload()) == {"registry.not-a-file"}
        assert number(store) == 1
        folder.with_name("gone").rename(folder)
        assert store.reload().kind == "unchanged"
        assert store.status.problem is None


def test_a_programme_that_is_gone_is_gone_only_if_the_rest_can_be_used(folder: Path) -> None:
    with PolicyStore(folder, watch=False) as store:
        other = folder / "other"
        (folder / PROGRAMME).rename(other)
        assert codes(store.reload()) == {"registry.wrong-name"}
        assert store.programmes == (PROGRAMME,)


def test_the_same_set_has_the_same_digest_wherever_it_lies(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", 1)
    with (
        PolicyStore(folder, watch=False) as one,
        PolicyStore(tmp_path / "elsewhere", watch=False) as other,
    ):
        assert one.status.digest == other.status.digest
        told(other, tmp_path / "elsewhere", 2)
        assert one.status.digest != other.status.digest


def test_the_status_tells_when_the_set_in_force_was_taken(folder: Path) -> None:
    now = datetime(2024, 3, 1, 12, 0, tzinfo=UTC)
    times = [now + timedelta(minutes=minutes) for minutes in range(10)]
    clock = iter(times)
    with PolicyStore(folder, watch=False, clock=lambda: next(clock)) as store:
        assert store.status.loaded_at == now
        refused = told(store, folder, 2, bad=True)
        assert now < refused.at < told(store, folder, 2).loaded.loaded_at
        assert store.status.loaded_at > now


def test_a_programme_alone_can_be_kept_up_to_date(folder: Path) -> None:
    with PolicyStore(folder / PROGRAMME, watch=False) as store:
        told(store, folder, 2)
        assert number(store) == 2


def test_a_link_that_leads_to_another_release_is_followed(tmp_path: Path) -> None:
    for each in (1, 2):
        write(tmp_path / f"release-{each}", each)
    current = tmp_path / "current"
    point(current, tmp_path / "release-1")
    with PolicyStore(current, watch=False) as store:
        point(current, tmp_path / "release-2")
        assert store.reload().kind == "loaded"
        assert number(store) == 2


def test_files_that_are_links_into_a_hidden_folder_are_followed(tmp_path: Path) -> None:
    mounted = tmp_path / "mounted"
    for each in (1, 2):
        write(mounted / f"..{each}", each)
        publish(mounted / f"..{each}")
    point(mounted / "..data", Path("..1"))
    (mounted / PROGRAMME).symlink_to(Path("..data") / PROGRAMME)
    (mounted / "policies.lock").symlink_to(Path("..data") / "policies.lock")
    with PolicyStore(mounted, watch=False, published_only=True) as store:
        assert number(store) == 1
        point(mounted / "..data", Path("..2"))
        assert store.reload().kind == "loaded"
        assert number(store) == 2


# ------------------------------------------------------------------------------- telling others


def test_others_are_told_of_each_set_that_is_taken_or_refused_once(folder: Path) -> None:
    heard: list[tuple[str, int]] = []
    with PolicyStore(
        folder,
        watch=False,
        on_change=lambda each: heard.append((each.kind, each.loaded.generation)),
    ) as store:
        store.reload()
        told(store, folder, 2, bad=True)
        told(store, folder, 2, bad=True)
        told(store, folder, 3, bad=True)
        told(store, folder, 1)
        told(store, folder, 2)
        assert store.status.refused == 2
    assert heard == [
        ("loaded", 1),
        ("refused", 1),
        ("refused", 1),
        ("unchanged", 1),
        ("loaded", 2),
    ]


def test_the_log_has_each_reload_with_its_fields(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "policyeval.store")
    with PolicyStore(folder, watch=False) as store:
        told(store, folder, 2, bad=True)
        told(store, folder, 2)
    loaded, refused, again = (vars(each) for each in caplog.records)
    assert (loaded["levelname"], loaded["generation"]) == ("INFO", 1)
    assert loaded["programmes"] == [PROGRAMME]
    assert (refused["levelname"], refused["generation"]) == ("ERROR", 1)
    assert refused["codes"] == ["feel.unknown-name"]
    assert "unknown name `amuont`" in caplog.records[1].getMessage()
    assert (again["generation"], again["digest"]) == (2, store.status.digest)


# ------------------------------------------------------------------------------- what a set must satisfy


def test_a_published_version_that_was_changed_is_refused(folder: Path) -> None:
    publish(folder)
    with PolicyStore(folder, watch=False) as store:
        assert codes(told(store, folder, 2)) == {"registry.digest-changed"}
        assert number(store) == 1


def test_a_version_that_is_not_published_is_refused_where_that_is_wanted(folder: Path) -> None:
    with pytest.raises(PolicyError):
        PolicyStore(folder, published_only=True)
    publish(folder)
    with PolicyStore(folder, watch=False, published_only=True) as store:
        more = version(2).replace('version: "first"', 'version: "second"')
        put(folder / PROGRAMME / "second.yaml", more.replace("2024-01-01", "2025-01-01"))
        assert codes(store.reload()) == {"registry.not-locked"}


def test_a_set_whose_golden_cases_come_out_otherwise_is_refused(folder: Path) -> None:
    put(folder / PROGRAMME / "cases.yaml", cases(1))
    with PolicyStore(folder, watch=False, run_cases=True) as store:
        outcome = told(store, folder, 2)
        assert codes(outcome) == {"cases.failed"}
        assert "cases.yaml:7:" in outcome.render()
        assert "golden case `of-nothing`: `first.value` is 2, and 1 is expected" in outcome.render()
        assert number(store) == 1
        put(folder / PROGRAMME / "cases.yaml", cases(2))
        assert store.reload().kind == "loaded"


def test_a_golden_case_without_an_answer_is_a_problem(folder: Path) -> None:
    case = cases(1).replace("{amount: 0}", "{amount: none}")
    put(folder / PROGRAMME / "cases.yaml", case)
    with pytest.raises(PolicyError, match="golden case `of-nothing` has no answer: "):
        PolicyStore(folder, run_cases=True)


def test_golden_cases_are_not_looked_at_unless_that_is_wanted(folder: Path) -> None:
    put(folder / PROGRAMME / "cases.yaml", "what: ever")
    with PolicyStore(folder, watch=False) as store:
        assert store.reload().kind == "unchanged"


def test_a_set_that_the_caller_does_not_accept_is_refused(folder: Path) -> None:
    def accept(policies: PolicySet) -> list[str]:
        evaluation = policies.evaluate(PROGRAMME, {"amount": 0}, asked_on=ASKED_ON)
        return [] if evaluation["first"].value == 1 else ["it is not what we had yesterday"]

    with PolicyStore(folder, watch=False, accept=accept) as store:
        outcome = told(store, folder, 2)
        assert codes(outcome) == {"registry.not-accepted"}
        assert "it is not what we had yesterday" in outcome.render("sv")
        assert number(store) == 1


# ------------------------------------------------------------------------------- cost


def test_programmes_whose_files_are_the_same_are_not_read_again(folder: Path) -> None:
    other = folder / "other"
    write(folder / "beside", 1)
    (folder / "beside" / PROGRAMME).rename(other)
    (folder / "beside").rmdir()
    for each in other.iterdir():
        each.write_text(each.read_text(encoding="utf-8").replace(PROGRAMME, "other"), "utf-8")
    with PolicyStore(folder, watch=False) as store:
        before = store.current.policies
        told(store, folder, 2)
        after = store.current.policies
        assert after.versions("other").versions[0] is before.versions("other").versions[0]
        assert after.versions(PROGRAMME).versions[0] is not before.versions(PROGRAMME).versions[0]
