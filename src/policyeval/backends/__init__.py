"""What answers decisions: the fast path, the slow path, and what both share."""
