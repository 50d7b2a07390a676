"""Tests of what golden cases cover."""
