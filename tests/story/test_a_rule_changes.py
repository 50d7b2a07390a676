"""The whole road: the publisher changes its page, and in the end decisions are made by the new rule.

One made-up programme, one changed sentence ("45 days" in place of 30), every step by its command.
"""

import json
import shutil
from datetime import date
from pathlib import Path

import policyeval
from tests.cli.conftest import Cli

HERE = Path(__file__).parent
OLD, NEW = "2025-01-01", "2025-07-01"


def test_a_rule_changes(cli: Cli, tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    shutil.copytree(HERE / "policies", policies)
    shutil.copytree(HERE / "sources", tmp_path / "sources")
    folder = policies / "example-bonus"
    first, second = folder / f"{OLD}.yaml", folder / f"{NEW}.yaml"
    of_policies = ("--policies", str(policies))

    # The first version is published, and its cases show all there is to show.
    assert cli("lock", str(policies)).status == 0
    published = tmp_path / "published.lock"
    shutil.copy(policies / "policies.lock", published)
    assert cli("check", str(policies), "--strict").status == 0
    assert cli("test", str(policies), "--coverage", "--fail-under", "100").status == 0
    assert cli("test", str(policies), "--mutate").status == 0
    assert cli("suggest", str(policies)).status == 0
    before = policyeval.load_policies(policies)

    # 1. Seen: the new page is another one, in one clause. That it is laid out anew is no change.
    page = tmp_path / "sources" / "example-bonus.2025-07-01.en.html"
    seen = cli("drift", "example-bonus", str(page), "--format", "json", *of_policies)
    assert seen.status == 1
    changed = {
        each["clause"] for each in json.loads(seen.out)["clauses"] if each["state"] == "changed"
    }
    assert changed == {"2"}
    told = cli("drift", "example-bonus", str(page), *of_policies)
    assert "30" in told.out
    assert "45" in told.out
    assert "parameters.purchase_period" in told.out
    assert "bought-a-day-late" in told.out

    # 2. Edited: one value changes in the new file, and every other byte is as it was.
    source = tmp_path / "sources" / "example-bonus.2025-07-01.en.txt"
    amended = cli(
        "amend",
        "example-bonus",
        *("--from", NEW, "--known-from", "2025-06-15"),
        *("--set", 'parameters.purchase_period=duration("P45D")'),
        *("--source", str(source)),
        *of_policies,
    )
    assert amended.status == 0, amended.err
    assert "# how long the customer has" in second.read_text()
    old_lines, new_lines = first.read_text().splitlines(), second.read_text().splitlines()
    assert sum(a != b for a, b in zip(old_lines, new_lines, strict=True)) <= 6
    renewed = cli(
        "clauses",
        "example-bonus",
        *("--version", NEW, "--source", str(source), "--renew"),
        *of_policies,
    )
    assert renewed.status == 0, renewed.err
    assert cli("drift", "example-bonus", str(page), *of_policies).status == 0
    assert cli("fmt", "--check", str(second)).status == 0

    # 3. Understood: what it means, which cases and which past transactions come out otherwise.
    past = tmp_path / "past.jsonl"
    past.write_text(
        '{"recommended_on": "2025-03-03", "bought_on": "2025-03-20"}\n'
        '{"recommended_on": "2025-03-03", "bought_on": "2025-04-10"}\n'
    )
    html = tmp_path / "redline.html"
    difference = cli(
        "diff",
        "example-bonus",
        *("--facts", str(past), "--asked-on", "2025-12-31"),
        *("--html", str(html), "--lang", "sv"),
        *of_policies,
    )
    assert difference.status == 1
    assert "bought-a-day-late" in difference.out
    assert "50,00" in difference.out
    assert "<html" in html.read_text()

    # 4. Sure: the old cases still pass, since they are about earlier days; what is new wants its own.
    assert cli("test", str(policies)).status == 0
    unsure = cli("suggest", str(policies), "--format", "yaml")
    assert unsure.status == 1
    cases = folder / "cases.yaml"
    cases.write_text(cases.read_text() + CASES_OF_THE_NEW_VERSION)
    assert cli("test", str(policies), "--coverage", "--fail-under", "100").status == 0
    mutated = cli("test", str(policies), "--mutate")
    assert mutated.status == 0, mutated.out
    silent = cli("suggest", str(policies))
    assert silent.status == 0, silent.out

    # 5. In force: recorded, and from now on nobody can change or remove a version unseen.
    assert cli("check", str(policies), "--strict").status == 1
    assert cli("lock", str(policies)).status == 0
    assert cli("check", str(policies), "--strict").status == 0
    in_ci = ("lock", "--check", "--published", str(published), str(policies))
    assert cli(*in_ci).status == 0
    kept = first.read_bytes()
    first.write_bytes(kept.replace(b'"P30D"', b'"P31D"'))
    assert cli("check", str(policies)).status == 1
    assert cli(*in_ci).status == 1
    first.write_bytes(kept)

    # 6. Decided by: the version on either side of the day, and the old answers are what they were.
    after = policyeval.load_policies(policies)
    answers = {
        day: after.evaluate(
            "example-bonus",
            {"recommended_on": day, "bought_on": date(2025, 8, 12)},
            asked_on=date(2025, 12, 31),
        )["bonus_payable"]
        for day in (date(2025, 6, 30), date(2025, 7, 1))
    }
    assert {day.month: str(each.verdict) for day, each in answers.items()} == {6: "NO", 7: "YES"}
    assert [each.provenance.version for each in answers.values()] == [OLD, NEW]
    late = date(2025, 12, 31)
    for facts in map(json.loads, past.read_text().splitlines()):
        for known_on in (date(2025, 6, 1), None):
            old = before.evaluate("example-bonus", facts, asked_on=late, known_on=known_on)
            now = after.evaluate("example-bonus", facts, asked_on=late, known_on=known_on)
            assert now.to_json() == old.to_json()


CASES_OF_THE_NEW_VERSION = """
  # From 1 July 2025: 45 days.
  - id: new-bought-on-the-last-day
    facts: {recommended_on: 2025-07-01, bought_on: 2025-08-15}
    expect:
      bonus_payable: YES
      bonus: 50
      last_day_to_buy: 2025-08-15
      pay_by: 2025-08-29
  - id: new-bought-a-day-late
    facts: {recommended_on: 2025-07-01, bought_on: 2025-08-16}
    expect:
      bonus_payable: {verdict: NO, rules: [bought_in_time]}
      bonus: 0
  - id: new-employed
    facts: {recommended_on: 2025-07-01, bought_on: 2025-08-01, is_employee: true}
    expect:
      bonus_payable: {verdict: NO, rules: [employee]}
  - id: new-not-bought-yet
    asked_on: 2025-07-10
    facts: {recommended_on: 2025-07-01, bought_on: null}
    expect:
      bonus_payable: {verdict: PENDING, until: 2025-08-15}
  - id: new-employment-unknown
    facts: {recommended_on: 2025-07-01, bought_on: 2025-08-01, is_employee: {unknown: true}}
    expect:
      bonus_payable: {verdict: UNKNOWN, open: [is_employee]}
"""
