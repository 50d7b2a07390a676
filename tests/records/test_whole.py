"""Evaluations of whole programmes: recorded, described by the schemas, and made again from the log."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import cast

import jsonschema
import pytest

from policyeval import PolicySet, load_policies
from policyeval.records import DecisionLog, Kept, read_log, verify
from tests.cli.facts import FACTS
from tests.records.samples import UNSYNCED

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "programmes"
NAME = "example-referral"
GIVEN: list[dict[str, object]] = [
    FACTS,
    {
        **FACTS,
        "company_name": "Räksmörgås AB",
        "order_amount": Decimal("12345.60"),
        "paid_on": None,
    },
    {
        **FACTS,
        "acceptances": [{"accepted_at": datetime(2024, 7, 2, 9)}],
        "order_amount": {"between": [1, Decimal("2.50")]},
        "extension_decision": {"decided": "granted", "on": date(2024, 10, 2), "by": "N. N."},
    },
]
ASKED: list[dict[str, object]] = [
    {"asked_on": date(2024, 12, 31)},
    {"asked_on": date(2024, 12, 31), "known_on": date(2024, 2, 1)},
    {"asked_on": date(2025, 8, 1), "known_on": datetime(2024, 7, 15, 12)},
]


def validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((ROOT / "schema" / name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


@pytest.fixture(scope="module")
def policies() -> PolicySet:
    return load_policies(FOLDER)


def test_an_evaluation_is_made_again_from_its_record_byte_for_byte(
    policies: PolicySet, tmp_path: Path
) -> None:
    path = tmp_path / "decisions.jsonl"
    expected = []
    with DecisionLog(path, files=UNSYNCED) as log:
        for facts in GIVEN:
            for asked in ASKED:
                evaluation = policies.evaluate(NAME, facts, **asked)  # type: ignore[arg-type]  # by name
                expected.append(evaluation.to_record())
                log.append(evaluation, facts)
    found = list(read_log(path))
    assert [each.evaluation for each in found] == expected
    for each in found:
        request = each.request
        again = policies.evaluate(
            request.programme,
            each.facts,
            asked_on=request.asked_on,
            known_on=request.known_on,
            overlays=request.overlays,
            decisions=request.decisions,
        )
        assert again.to_record() == each.evaluation
        assert list(again) == list(request.decisions)


def test_the_schemas_describe_every_line(policies: PolicySet, tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    keep = Kept("store", {"company_name": "hash", "order_amount": "drop"}, salt=b"x" * 16)
    with DecisionLog(path, keep=keep, files=UNSYNCED) as log:
        for facts in GIVEN:
            for asked in ASKED:
                evaluation = policies.evaluate(NAME, facts, **asked)  # type: ignore[arg-type]  # by name
                log.append(evaluation, facts, id="tx", overlays=["an-overlay"])
    assert verify(path).good
    of_lines, of_records = validator("log.schema.json"), validator("record.schema.json")
    for line in path.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        of_lines.validate(data)
        if "evaluation" in data:
            of_records.validate(data["evaluation"])


def test_the_schemas_allow_nothing_else() -> None:
    assert not validator("log.schema.json").is_valid({})
    assert not validator("record.schema.json").is_valid({})
    for name in ("log.schema.json", "record.schema.json"):
        schema = json.loads((ROOT / "schema" / name).read_text(encoding="utf-8"))
        for each in _objects(schema):
            if "properties" in each:
                members = cast(dict[str, dict[str, object]], each["properties"])
                assert each["additionalProperties"] is False
                assert {*cast(list[str], each["required"])} <= {*members}
                for member in members.values():
                    assert "description" in member or "$ref" in member


def _objects(schema: object) -> list[dict[str, object]]:
    if isinstance(schema, list):
        return [found for each in schema for found in _objects(each)]
    if isinstance(schema, dict):
        return [schema, *(found for each in schema.values() for found in _objects(each))]
    return []
