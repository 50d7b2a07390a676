"""Policies: files of terms as rules, read strictly, with a place for every problem."""
