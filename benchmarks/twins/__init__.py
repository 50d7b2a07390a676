"""The terms of programmes once more, written by hand: what compiled policies are measured against."""
