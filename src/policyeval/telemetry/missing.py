"""The error for a library that an extra brings and that is not installed."""

from policyeval.diagnostics import Diagnostic
from policyeval.errors import UnsupportedError
from policyeval.messages import message
from policyeval.source import Source, Span


def not_installed(library: str, extra: str) -> UnsupportedError:
    """Give the error.

    Args:
        library: What is missing.
        extra: The part of policyeval that brings it.
    """
    text = message("this needs `{extra}`; install it with pip", extra=f"policyeval[{extra}]")
    source, span = Source(library), Span(0, len(library))
    return UnsupportedError([Diagnostic("registry.not-installed", text, span, source)])
