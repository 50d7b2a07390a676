"""What recorded transactions would be answered with what is known now, and what that is in money."""
