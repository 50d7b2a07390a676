"""What all tests share: how hypothesis looks for examples, golden files, and an end to hanging."""

import gc
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, Phase, settings

# `make test` runs the same examples every time, so that a red run can be repeated by anybody. To
# look further, with fresh examples: HYPOTHESIS_PROFILE=long make test
settings.register_profile(
    "default",
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "long",
    max_examples=2_000,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

GOLDEN = Path(__file__).parent / "golden"


collect_ignore = ["programmes"]  # their cases are data of other tests


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the files of tests/golden again; look at the difference before you commit it",
    )


def pytest_collection_finish() -> None:
    # Thousands of tests live to the end: looking through them for garbage takes a tenth of the time.
    gc.collect()
    gc.freeze()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with a file of `golden/`, or write that file with `--update-golden`."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text

    return compare


# How long one test may take, in seconds. Nothing is timed here: speed is measured in benchmarks/.
# But what must not hang has to be stopped when it does, and then said which it was.
_PATIENCE = 60


@pytest.fixture(autouse=True)
def _no_hang(request: pytest.FixtureRequest) -> Iterator[None]:
    """End a test that does not end by itself; `@pytest.mark.long` is for those that take longer."""
    if request.node.get_closest_marker("long") is not None:
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        pytest.fail(f"not done after {_PATIENCE} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(_PATIENCE if "HYPOTHESIS_PROFILE" not in os.environ else 0)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
