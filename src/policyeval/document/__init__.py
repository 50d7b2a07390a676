"""A version of a programme as a document that a lawyer can sign off: clauses, rules, readings, dates."""

from policyeval.document.rendering import render_document

__all__ = ["render_document"]
