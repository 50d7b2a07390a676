"""`policyeval drift --watch`: what is asked of a server, what is kept, and how long is waited."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from policyeval.analysis.drift.decoding import LARGEST
from policyeval.cli import watching
from policyeval.cli.captured import Captures
from policyeval.cli.fetching import page_fetcher
from policyeval.cli.seen import Known, Seen
from policyeval.cli.watching import seconds_of
from tests.cli.conftest import Cli
from tests.cli.test_drift import FILE, NAME, SOURCE

TEXT = SOURCE.read_text(encoding="utf-8")
CHANGED = TEXT.replace("120 days", "60 days")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Reply:
    """What a server answers."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    stalls: bool = False


@dataclass
class Server:
    """A server on this computer that gives one answer after the other, the last one for ever."""

    replies: list[Reply]
    asked: list[Mapping[str, str]] = field(default_factory=list)
    address: str = ""
    end: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving(*replies: Reply) -> Iterator[Server]:
    """Serve answers on this computer."""
    server = Server(list(replies))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append({"path": self.path, **dict(self.headers.items())})
            reply = server.replies.pop(0) if len(server.replies) > 1 else server.replies[0]
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if not reply.stalls:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            try:
                self.wfile.write(reply.body)
            except OSError:
                return  # whoever asked has heard enough
            if reply.stalls:
                self.wfile.flush()
                server.end.wait(20)

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.address = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.end.set()
        http.shutdown()
        http.server_close()
        thread.join()


class Clock:
    """A clock that waiting sets forward."""

    def __init__(self) -> None:
        self.at = NOON
        self.waited: list[float] = []
        self.then: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.at += timedelta(seconds=seconds)
        self.then()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Put a clock in the place of the computer's."""
    found = Clock()
    monkeypatch.setattr(watching, "SystemClock", lambda: found)
    return found


@pytest.fixture
def recorded(cli: Cli, policies: Path) -> Path:
    """Record the hashes of the clauses, and give the folder of policies."""
    assert cli("clauses", NAME, "--source", str(SOURCE), "--write").status == 0
    Path("sources").mkdir()
    Path("sources", FILE).write_bytes(SOURCE.read_bytes())
    return policies


def _journal(folder: str = "seen") -> list[dict[str, object]]:
    lines = Path(folder, "captures.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(each) for each in lines]


def _kept(folder: str = "seen") -> list[str]:
    return sorted(each.name for each in Path(folder).iterdir() if each.name != "captures.jsonl")


def test_every_capture_that_differs_is_kept_with_its_time(
    cli: Cli, recorded: Path, clock: Clock
) -> None:
    plain = {"Content-Type": "text/plain; charset=utf-8"}
    with serving(
        Reply(body=TEXT.encode(), headers={**plain, "ETag": '"a"', "Last-Modified": "then"}),
        Reply(304),
        Reply(body=TEXT.encode(), headers={**plain, "ETag": '"a"', "Last-Modified": "then"}),
        Reply(body=CHANGED.encode(), headers={**plain, "ETag": '"b"'}),
    ) as server:
        address = f"{server.address}/terms"
        found = cli(
            "drift", NAME, "--watch", address, "--captures", "seen", "--every", "1h", "--count", "4"
        )
    assert found.status == 1
    assert "[-120-]{+60+}" in found.out
    assert clock.waited == [3600.0] * 3
    first, second = _journal()
    assert first | {"file": "", "sha256": ""} == {
        "at": "2026-11-22T12:00:00Z",
        "source": address,
        "status": 200,
        "etag": '"a"',
        "last_modified": "then",
        "sha256": "",
        "bytes": len(TEXT.encode()),
        "file": "",
    }
    assert second["at"] == "2026-11-22T15:00:00Z"
    assert _kept() == sorted([str(first["file"]), str(second["file"])])
    assert str(first["file"]).startswith("20261122T120000Z-")
    assert Path("seen", str(second["file"])).read_bytes() == CHANGED.encode()
    assert "2026-11-22T13:00:00Z not changed since the last capture" in found.err
    assert "2026-11-22T14:00:00Z the same bytes as the last capture" in found.err
    assert "If-None-Match" not in server.asked[0]
    assert server.asked[0]["User-Agent"].startswith("policyeval/")
    for each in server.asked[1:]:
        assert (each["If-None-Match"], each["If-Modified-Since"]) == ('"a"', "then")


def test_one_look_at_a_time_goes_on_where_the_last_one_ended(
    cli: Cli, recorded: Path, clock: Clock
) -> None:
    once = ("--captures", "seen", "--count", "1")
    with serving(
        Reply(body=TEXT.encode(), headers={"ETag": '"a"'}),
        Reply(304),
        Reply(body=CHANGED.encode()),
        Reply(body=CHANGED.encode()),
    ) as server:
        found = [cli("drift", NAME, "--watch", server.address, *once) for _ in range(4)]
    assert [each.status for each in found] == [0, 0, 1, 0]
    assert [each.out != "" for each in found] == [True, False, True, False]
    assert server.asked[1]["If-None-Match"] == '"a"'
    assert len(_kept()) == 2
    assert clock.waited == []


def test_after_errors_it_waits_longer_each_time_and_as_long_as_the_server_asks(
    cli: Cli, recorded: Path, clock: Clock
) -> None:
    date = "Sun, 22 Nov 2026 20:00:00 GMT"
    with serving(
        Reply(500),
        Reply(503),
        Reply(404),
        Reply(429, headers={"Retry-After": "7200"}),
        Reply(503, headers={"Retry-After": date}),
        Reply(503, headers={"Retry-After": "soon"}),
        Reply(body=TEXT.encode()),
        Reply(500),
    ) as server:
        found = cli("drift", NAME, "--watch", server.address, "--every", "10m", "--count", "8")
    assert clock.waited[:4] == [60.0, 120.0, 240.0, 7200.0]
    waited = 60 + 120 + 240 + 7200
    assert clock.waited[4] == 8 * 3600 - waited
    assert clock.waited[5] == 1920.0
    assert clock.waited[6] == 600.0
    assert "the server answers with status 429" in found.err
    assert found.status == 2, "the last look failed"


def test_it_can_end_at_the_first_change(cli: Cli, recorded: Path, clock: Clock) -> None:
    with serving(Reply(body=TEXT.encode()), Reply(body=CHANGED.encode())) as server:
        found = cli("drift", NAME, "--watch", server.address, "--until-changed")
    assert found.status == 1
    assert len(server.asked) == 2


def test_interrupting_ends_it_quietly(cli: Cli, recorded: Path, clock: Clock) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    clock.then = interrupt
    with serving(Reply(body=TEXT.encode())) as server:
        found = cli("drift", NAME, "--watch", server.address)
    assert found.status == 0
    assert "Traceback" not in found.err


def test_a_server_that_goes_away_is_an_error_and_not_the_end(
    cli: Cli, recorded: Path, clock: Clock
) -> None:
    with serving(Reply(body=TEXT.encode())) as server:
        address = server.address
    found = cli("drift", NAME, "--watch", address, "--count", "3")
    assert found.status == 2
    assert found.err.count("the page cannot be reached") == 3
    assert len(clock.waited) == 2


def test_a_page_is_followed_to_where_it_has_moved(cli: Cli, recorded: Path, clock: Clock) -> None:
    with serving(Reply(301, headers={"Location": "/new"}), Reply(body=TEXT.encode())) as server:
        found = cli("drift", NAME, "--watch", server.address, "--count", "1")
    assert found.status == 0
    assert [each["path"] for each in server.asked] == ["/", "/new"]


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("/again", "from one address to the next"),
        ("file:///etc/passwd", "something that is no page"),
    ],
)
def test_a_page_is_not_followed_for_ever_or_anywhere(
    cli: Cli, recorded: Path, clock: Clock, location: str, said: str
) -> None:
    with serving(Reply(302, headers={"Location": location})) as server:
        found = cli("drift", NAME, "--watch", server.address, "--count", "1")
    assert found.status == 2
    assert said in found.err
    assert len(server.asked) < 10


def test_a_page_that_is_too_large_is_not_read_to_its_end(
    cli: Cli, recorded: Path, clock: Clock
) -> None:
    with serving(Reply(body=b"x" * (LARGEST + 1))) as server:
        found = cli("drift", NAME, "--watch", server.address, "--count", "1")
    assert found.status == 2
    assert "more than" in found.err


def test_a_page_that_never_ends_is_given_up() -> None:
    with serving(Reply(body=b"the beginning", stalls=True)) as server:
        fetch = page_fetcher(server.address, lambda: NOON, seconds=0.3)
        seen = fetch(Known())
    assert seen.raw is None
    assert seen.problem is not None
    assert "takes too long" in seen.problem.text()


def test_what_kind_of_file_a_page_is_is_kept_in_its_name(
    cli: Cli, recorded: Path, clock: Clock
) -> None:
    page = "".join(f"<p>{line}</p>" for line in TEXT.split("\n") if line)
    with serving(Reply(body=page.encode(), headers={"Content-Type": "text/html"})) as server:
        found = cli("drift", NAME, "--watch", server.address, "--count", "1", "--captures", "seen")
    assert found.status == 0
    assert _kept()[0].endswith(".html")


def test_a_file_is_watched_too(cli: Cli, recorded: Path, clock: Clock) -> None:
    path = Path("terms.txt")
    path.write_text(TEXT, encoding="utf-8")

    def step() -> None:
        match len(clock.waited):
            case 2:
                path.write_text(CHANGED, encoding="utf-8")
            case 3:
                path.unlink()
            case _:
                pass

    clock.then = step
    found = cli(
        "drift", NAME, "--watch", "terms.txt", "--every", "5s", "--count", "4", "--captures", "seen"
    )
    assert found.status == 1
    assert clock.waited == [5.0, 5.0, 5.0]
    assert len(_kept()) == 2
    assert "not changed since the last capture" in found.err
    assert "there is no such file" in found.err


def test_a_capture_that_cannot_be_read_is_kept_and_told(
    cli: Cli, recorded: Path, clock: Clock
) -> None:
    with serving(Reply(body=bytes(range(256)) * 9), Reply(body=TEXT.encode())) as server:
        found = cli("drift", NAME, "--watch", server.address, "--count", "2", "--captures", "seen")
    assert found.status == 0
    assert "[registry.capture]" in found.err
    assert len(_kept()) == 2


def test_a_folder_that_cannot_be_written_to_is_told(cli: Cli, recorded: Path, clock: Clock) -> None:
    Path("seen").write_text("a file", encoding="utf-8")
    with serving(Reply(body=TEXT.encode())) as server:
        found = cli("drift", NAME, "--watch", server.address, "--count", "1", "--captures", "seen")
    assert found.status == 1
    assert "[registry.not-a-file]" in found.err
    assert "Traceback" not in found.err


def test_a_journal_whose_last_line_was_cut_off_is_gone_on_with(tmp_path: Path) -> None:
    first = Captures(tmp_path, "x")
    assert first.keep(Seen(b"one", "x.txt", etag='"1"'), NOON) is not None
    journal = tmp_path / "captures.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"source": "x", "sha2')
    again = Captures(tmp_path, "x")
    assert again.known().etag == '"1"'
    assert again.keep(Seen(b"one", "x.txt", etag='"1"'), NOON) is None
    assert again.keep(Seen(b"two", "x.txt"), NOON) is not None
    assert Captures(tmp_path, "x").known().etag is None
    assert Captures(tmp_path, "y").known() == Known()
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("30m", 1800), ("6h", 21600), ("1d", 86400), ("1 D", 86400)],
)
def test_durations_are_read(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "s", "0s", "-1h", "1.5h", "1y", "999999999d", "9999d", "١h"])
def test_what_is_no_duration_is_none(text: str) -> None:
    assert seconds_of(text) is None
