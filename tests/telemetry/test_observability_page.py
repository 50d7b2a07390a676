"""What the page on observability shows runs, and gives what it says."""

import logging
from collections.abc import Iterator

import pytest

from tests.store import pages


@pytest.fixture
def _logging_as_it_was() -> Iterator[None]:
    logger = logging.getLogger("policyeval")
    handlers, level = list(logger.handlers), logger.level
    yield
    logger.handlers[:] = handlers
    logger.setLevel(level)


@pytest.mark.usefixtures("_logging_as_it_was")
def test_the_programs_of_the_page_give_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pages.ROOT)
    assert pages.run("observability.md") == 3
