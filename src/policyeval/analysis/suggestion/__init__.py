"""Cases to be answered by a person: on, before and after every edge that no golden case pins down."""

from policyeval.analysis.suggestion.model import Alike, Asking, Suggestion
from policyeval.analysis.suggestion.suggesting import Suggesting, suggestions

__all__ = ["Alike", "Asking", "Suggesting", "Suggestion", "suggestions"]
