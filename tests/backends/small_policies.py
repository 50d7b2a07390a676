"""Small made-up policies, written as files are, for the tests of the possible worlds."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from policyeval.policy.loading import load_policy, load_programme
from policyeval.policy.model import ValidPolicy
from policyeval.policy.terms import Terms, apply
from policyeval.policy.validation import check_policy

TEXT = {"en": "a text", "sv": "en text", "de": "ein Text"}
DIGEST = "0" * 64

PROGRAMME = {
    "format": 1,
    "programme": "made-up",
    "title": TEXT,
    "zone": "Europe/Stockholm",
    "parties": {"vendor": TEXT, "partner": TEXT},
    "governed_by": {
        "clause": "1",
        "ambiguity": "A1",
        "question": TEXT,
        "options": {
            "now": {"day": "asked_on", "gist": TEXT},
            "today": {"day": "asked_on", "gist": TEXT},
        },
        "adopted": {"option": "now", "by": "authors", "on": "2024-01-01", "because": TEXT},
    },
}

Written = Mapping[str, Any]


def policy(
    facts: Mapping[str, Written | str],
    decisions: Mapping[str, Written],
    *,
    readings: Mapping[str, Sequence[str]] | None = None,
    adopted: Mapping[str, str] | None = None,
    parameters: Mapping[str, str] | None = None,
    consistent_when: Mapping[str, Any] | None = None,
    remarks: Mapping[str, str] | None = None,
    overlays: Mapping[str, Written] | None = None,
) -> ValidPolicy:
    """Load and check a policy.

    Args:
        facts: Name to declaration without texts; a text alone is the type.
        decisions: Name to `type` and `value`, `requires`, `excluded_if` (id to condition), `covers`,
            `table`.
        readings: Name to its options.
        adopted: Reading to the option adopted.
        parameters: Name to formula.
        consistent_when: Id to condition.
        remarks: Id to condition, at the top level.
        overlays: Name to what it does.
    """
    root: dict[str, Any] = {
        "format": 1,
        "programme": "made-up",
        "version": "2020-01-01",
        "in_force": {"from": "2020-01-01"},
        "known_from": "2020-01-01",
        "source": {"file": "made-up.en.txt", "language": "en", "sha256": DIGEST},
        "clauses": {
            "1": {"lines": [1], "sha256": DIGEST, "kind": "condition", "gist": TEXT},
        },
        "facts": {name: _fact(each) for name, each in facts.items()},
        "decisions": {name: _decision(name, each) for name, each in decisions.items()},
    }
    if parameters:
        root["parameters"] = {
            name: {"value": each, "clause": "1", "label": TEXT} for name, each in parameters.items()
        }
    if readings:
        root["readings"] = {
            name: _reading(name, options, (adopted or {}).get(name))
            for name, options in readings.items()
        }
    if consistent_when:
        root["consistent_when"] = [
            {"id": name, "clause": "1", "that": each, "because": TEXT}
            for name, each in consistent_when.items()
        ]
    if remarks:
        root["remarks"] = [
            {"id": name, "clause": "1", "when": each, "say": TEXT} for name, each in remarks.items()
        ]
    if overlays:
        root["overlays"] = {name: {"title": TEXT, **each} for name, each in overlays.items()}
    programme = load_programme(json.dumps(PROGRAMME).encode(), "programme.yaml")
    loaded = load_policy(json.dumps(root).encode(), "2020-01-01.yaml")
    return check_policy(loaded, programme)


def terms(
    facts: Mapping[str, Written | str],
    decisions: Mapping[str, Written],
    *,
    switched_on: Sequence[str] = (),
    **more: Any,
) -> Terms:
    """Make the terms of such a policy."""
    return apply(policy(facts, decisions, **more), tuple(switched_on))


def _fact(written: Written | str) -> Written:
    given: dict[str, Any] = {"type": written} if isinstance(written, str) else dict(written)
    if "entries" in given:
        given["entries"] = {name: _fact(each) for name, each in given["entries"].items()}
    if "act" in given:
        given["act"] = {"by": "vendor", "clause": "1", **given["act"]}
    return {**given, "label": TEXT, "clause": "1"}


def _decision(name: str, written: Written) -> Written:
    given: dict[str, Any] = {"clause": "1", "type": "boolean", **written}
    for key, condition in (("requires", "that"), ("excluded_if", "when")):
        if key in given:
            given[key] = [
                {"id": rule, "clause": "1", condition: each, "because": TEXT}
                for rule, each in given[key].items()
            ]
    if "remarks" in given:
        given["remarks"] = [
            {"id": rule, "clause": "1", "when": each, "say": TEXT}
            for rule, each in given["remarks"].items()
        ]
    if "covers" in given:
        given["covers"] = {"when": given["covers"], "clause": "1", "because": TEXT}
    return {**given, "question": TEXT} if not name.startswith("aux") else {**given, "label": TEXT}


def _reading(name: str, options: Sequence[str], adopted: str | None) -> Written:
    made: dict[str, Any] = {
        "clause": "1",
        "ambiguity": name.upper(),
        "question": TEXT,
        "options": {each: {"gist": TEXT, "favours": "partner"} for each in options},
    }
    if adopted is not None:
        made["adopted"] = {
            "option": adopted,
            "by": "authors",
            "on": "2024-01-01",
            "because": TEXT,
        }
    return made
