"""The refusal of facts that no transaction can have, in the policy's own words."""

from policyeval.diagnostics import Diagnostic
from policyeval.evaluation.phrases import phrase_text
from policyeval.evaluator.answering import Answering
from policyeval.messages import LANGUAGES, worded
from policyeval.policy.model import Rule


def inconsistent(rule: Rule, answering: Answering) -> Diagnostic:
    """Say which condition the facts break, with the words of the policy."""
    phrase = answering.phrase(rule.because, rule.clauses, whole=False)
    text = worded({each: phrase_text(phrase, each) for each in LANGUAGES})
    return Diagnostic("input.inconsistent", text, rule.span, answering.terms.policy.source)
