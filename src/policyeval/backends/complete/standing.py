"""What stands in the place of values that are not there, and what ends code that is not sure."""


class NotWrittenError(Exception):
    """Something of the terms is not written as code here."""


class NotForUsError(Exception):
    """Something about a transaction is for those to answer who can do everything."""


class Surely:
    """Stands for something that no caller can give."""


NOT_DONE = Surely()
"""Stands for an act that is presumed not to be done, which it is not if null is given."""

OPEN = Surely()
"""Stands for an act that is not recorded, until its condition has been looked at."""

LEFT_OUT = Surely()
"""Stands for a fact that was left out."""
