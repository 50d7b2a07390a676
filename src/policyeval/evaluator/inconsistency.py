"""The refusal of facts that no transaction can have, in the policy's own words, with their values."""

from policyeval.diagnostics import Diagnostic
from policyeval.evaluation.comparisons import deciding_text
from policyeval.evaluation.naming import words
from policyeval.evaluation.phrases import phrase_text
from policyeval.evaluator.answering import Answering
from policyeval.messages import LANGUAGES, worded
from policyeval.policy.model import Rule


def inconsistent(rule: Rule, answering: Answering) -> Diagnostic:
    """Say which condition the facts break, with the words of the policy and the values."""
    phrase = answering.phrase(rule.because, rule.clauses, whole=False)
    text = worded({each: phrase_text(phrase, each) for each in LANGUAGES})
    deciding = answering.deciding(rule.condition, False)
    values = {
        language: "; ".join(
            dict.fromkeys(
                deciding_text(each, words(answering.terms.valid, language)) for each in deciding
            )
        )
        for language in LANGUAGES
    }
    help_ = worded(values) if deciding else None
    return Diagnostic("input.inconsistent", text, rule.span, answering.terms.policy.source, help_)
