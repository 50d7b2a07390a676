"""Clause accounting: every clause of the source is accounted for, every rule cites a clause."""

from collections.abc import Mapping
from typing import Final

from policyeval.diagnostics import did_you_mean
from policyeval.messages import Message, message
from policyeval.policy.model import Clause, ClauseKind
from policyeval.policy.validation.checking import Check
from policyeval.policy.validation.parts import citations

NEEDS_NO_RULE: Final[frozenset[ClauseKind]] = frozenset(
    {"information", "constitutive", "incomplete"}
)
"""The kinds of clause that nothing need cite, if it is said why."""


def check_clauses(check: Check) -> None:
    """Report clauses that do not exist, rules without one, and clauses that nothing cites."""
    policy, places = check.policy, check.places
    cited: set[str] = set(check.programme.governed_by.reading.clauses)
    here: set[str] = set()
    for citation in citations(policy):
        here.update(citation.clauses)
        if citation.rule and not citation.clauses:
            check.report(
                "policy.no-clause",
                message("the rule cites no clause"),
                places.value((*citation.path[:-1], "id")),
                message("say with `clause` where the text has it"),
            )
        for clause in dict.fromkeys(citation.clauses):
            if clause not in policy.clauses:
                check.report(
                    "policy.unknown-clause",
                    message("there is no clause `{clause}`", clause=clause),
                    places.item(citation.path, clause),
                    _meant(clause, policy.clauses),
                )
    for name, declared in policy.clauses.items():
        if name in here and declared.no_rule_because is not None:
            check.warn(
                "policy.unused",
                message("clause `{clause}` is cited, and it is said why it is not", clause=name),
                places.key(("clauses", name, "no_rule_because")),
                message("delete `no_rule_because`, or the citations"),
            )
        if name not in here and name not in cited:
            _unaccounted(check, declared)


def _unaccounted(check: Check, clause: Clause) -> None:
    free = clause.kind in NEEDS_NO_RULE
    if free and clause.no_rule_because is not None:
        return
    help_ = message("cite it where the policy has it, or add `no_rule_because`")
    if not free:
        help_ = message(
            "cite it where the policy has it; only a clause of another kind (`information`, "
            "`constitutive`, `incomplete`) may do without, if `no_rule_because` says why"
        )
    check.report(
        "policy.clause-not-used",
        message("nothing cites clause `{clause}` (`{kind}`)", clause=clause.id, kind=clause.kind),
        check.places.key(("clauses", clause.id)),
        help_,
    )


def _meant(clause: str, known: Mapping[str, Clause]) -> Message:
    return did_you_mean(clause, known) or message("list it under `clauses`")
