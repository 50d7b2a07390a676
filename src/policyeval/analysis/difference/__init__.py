"""What a version changes against another: in meaning, and in the answers that come of it."""
