"""The command line and a folder of its own, as the other tests of the command line have them."""

from tests.cli.conftest import _english_reader, cache_home, cli

__all__ = ["_english_reader", "cache_home", "cli"]
