"""The path of complete transactions: a version's terms as one function without a branch for doubt.

Most transactions leave nothing open but the text: every fact is given, and what has not happened does
not matter. For them the terms become straight-line code, facts read and checked included: each formula
once, in each way that open readings leave it, each question in a word of its result. Whatever the code
is not sure of it leaves alone: it gives nothing for the transaction, and the general path
(`policyeval.backends.python`) answers. So it may be quick without being clever, and what it gives is
what the general path gives.
"""

from policyeval.backends.complete.given import Manner
from policyeval.backends.complete.running import ENDS, Complete
from policyeval.backends.complete.standing import LEFT_OUT, OPEN
from policyeval.backends.complete.task import Decide, Ending, Governed, Result, Task, Told
from policyeval.backends.complete.witnesses import OtherTermsError, Outcome, Witnesses

__all__ = [
    "ENDS",
    "LEFT_OUT",
    "OPEN",
    "Complete",
    "Decide",
    "Ending",
    "Governed",
    "Manner",
    "OtherTermsError",
    "Outcome",
    "Result",
    "Task",
    "Told",
    "Witnesses",
]
