"""What the page on reloading shows runs, and gives what it says."""

import pytest

from tests.store import pages


def test_the_programs_of_the_page_give_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pages.ROOT)
    assert pages.run("reloading.md") == 6
