"""How an operation of the language says that it has no result."""

from policyeval.messages import Message
from policyeval.source import Span


class Failure(Exception):
    """An operation has no result for its operands.

    FEEL's own rule makes null of it and the run records a warning; the strict profile makes an
    `EvaluationError` of it. The operation itself does not know where in the text it stands: the
    compiled code does, and adds the span.

    Attributes:
        code: One of `policyeval.diagnostics.CODES` that start with `eval.`.
        message: What failed, with the values, for a reader.
    """

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


class BudgetExceededError(Failure):
    """The whole evaluation is stopped, in either mode: it would take too long or too much room.

    Attributes:
        span: Where, as soon as somebody knows.
    """

    span: Span | None = None
