"""Texts of a policy with the values that go into them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from policyeval.evaluation.naming import words
from policyeval.feel.values import Value
from policyeval.policy.model import Text, ValidPolicy


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text of the policy and the values of its fields (a name that has none is left out).

    Attributes:
        text: None where the policy gives no words; the gists stand for it then.
        gists: What the clauses say that the text is about.
        policy: Whose words it is in: labels of values, currency, zone.
    """

    text: Text | None
    values: Mapping[str, Value] = field(default_factory=dict)
    gists: tuple[Text, ...] = ()
    policy: ValidPolicy | None = field(default=None, compare=False, repr=False, kw_only=True)


def phrase_text(phrase: Phrase, language: str = "en", clauses: Sequence[str] = ()) -> str:
    """Give a phrase in `en`, `sv` or `de`: its text, or else the gists, or else those of the clauses.

    It is empty if there are none of these.
    """
    in_words = words(phrase.policy, language)
    if phrase.text is not None:
        return in_words.text(phrase.text, phrase.values)
    gists = phrase.gists or tuple(
        gist for each in clauses if (gist := in_words.gist(each)) is not None
    )
    return " ".join(in_words.text(each, phrase.values) for each in gists)
