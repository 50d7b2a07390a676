"""What became of the clauses of a policy in a source text: for people and for programs."""

import json
from collections.abc import Sequence

from policyeval.cli.showing import table
from policyeval.messages import Message, message
from policyeval.policy.clause_texts import ClauseState, State
from policyeval.policy.model import Policy


def in_words(state: State) -> Message:
    """Say a state."""
    return {
        "same": message("the same"),
        "changed": message("changed"),
        "not-recorded": message("not recorded"),
        "lines-missing": message("not there any more"),
    }[state]


def as_table(states: Sequence[ClauseState], language: str) -> str:
    """Write a row for each clause."""
    heads = (message("clause"), message("state"), message("lines"), message("hash"))
    rows = [
        [
            each.clause,
            _state(each).text(language),
            _lines(each.place.lines),
            (each.digest or "")[:16],
        ]
        for each in states
    ]
    return table(rows, [each.text(language) for each in heads])


def as_json(policy: Policy, whole: State, states: Sequence[ClauseState]) -> str:
    """Write everything as JSON."""
    data = {
        "programme": policy.programme,
        "version": policy.version,
        "source": whole,
        "clauses": [
            {
                "clause": each.clause,
                "state": each.state,
                "lines": list(each.place.lines),
                "sha256": each.digest,
                "found_on_lines": None if each.found is None else list(each.found.lines),
            }
            for each in states
        ],
    }
    return json.dumps(data, indent=2)


def _state(state: ClauseState) -> Message:
    words = in_words(state.state)
    if state.found is None:
        return words
    return message("{state}; now in line {lines}", state=words, lines=_lines(state.found.lines))


def _lines(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
