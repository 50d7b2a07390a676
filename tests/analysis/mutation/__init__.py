"""Tests of policy mutation testing."""
