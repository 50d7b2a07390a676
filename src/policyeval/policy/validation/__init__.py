"""Checking a policy: every name is known, every type fits, nothing is cyclic, no clause is lost.

Every problem is found in one run, each where it stands, and one mistake gives one message.
"""

from policyeval.errors import PolicyError
from policyeval.policy.model import Policy, Programme, ValidPolicy
from policyeval.policy.problems import Problems
from policyeval.policy.validation.checking import Check
from policyeval.policy.validation.clauses import check_clauses
from policyeval.policy.validation.cycles import check_cycles, graph, order
from policyeval.policy.validation.formats import FORMATS
from policyeval.policy.validation.formulas import check_formulas
from policyeval.policy.validation.frame import check_overlays, check_programme
from policyeval.policy.validation.names import check_parties, check_unused, event_of
from policyeval.policy.validation.parts import formulas, governing_formulas, sites
from policyeval.policy.validation.readings import check_readings
from policyeval.policy.validation.texts import check_texts
from policyeval.policy.validation.typed import Typing
from policyeval.policy.validation.uses import free_names

__all__ = ["FORMATS", "check_policy", "validate"]


def validate(policy: Policy, programme: Programme, problems: Problems) -> ValidPolicy | None:
    """Check a policy.

    Args:
        policy: As the loader made it.
        programme: That it belongs to.
        problems: Where everything goes that is found; what is wrong with the programme's own file
            goes there too, with that file as its source.

    Returns:
        The policy with the types of its formulas, or None if it cannot be used.
    """
    return _validate(Check(policy, programme, problems))


def _validate(check: Check) -> ValidPolicy | None:
    check_overlays(check)
    check_parties(check)
    check_clauses(check)
    check_readings(check)
    policy = check.policy
    # Without types, what stands in a filter counts as a use: enough to know which parameter is first.
    typing = check_formulas(check, graph(policy, {}))
    uses = graph(policy, typing.checked)
    check_cycles(check, uses)
    shown = check_texts(check, typing)
    if check.failed or check.problems.fatal:
        return None
    # What is misspelt elsewhere would seem to be unused here.
    check_unused(check, _used(check, typing) | shown)
    return ValidPolicy(
        policy=policy,
        programme=check.programme,
        scope=dict(typing.scope),
        checked=dict(typing.checked),
        order=order(policy, uses),
    )


def _used(check: Check, typing: Typing) -> frozenset[str]:
    """Give the names that formulas use; an event, also where it is only asked whether it happened."""
    policy = check.policy
    found: set[str] = set()
    every = [each for site in sites(policy) for each in formulas(site.slot)]
    every += governing_formulas(check.programme.governed_by)
    for formula in every:
        for node in free_names(formula.tree, typing.checked.get(formula)):
            found.add(event_of(policy, node.name))
    return frozenset(found)


def check_policy(policy: Policy, programme: Programme) -> ValidPolicy:
    """Check a policy, or say everything that is wrong with it.

    Raises:
        PolicyError: It cannot be used.
    """
    problems = Problems(policy.source)
    check = Check(policy, programme, problems)
    check_programme(check)
    valid = _validate(check)
    if valid is None or check.failed:
        raise PolicyError(problems.found)
    return valid
