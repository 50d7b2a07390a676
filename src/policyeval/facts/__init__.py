"""One transaction's facts: decoded, checked against their declarations, or refused with every problem."""
