"""A new text of the source against the clauses of a version: what changed, and what rests on it."""
