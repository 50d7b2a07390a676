"""One look at a watched file or page: politely, and never for long."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from policyeval.analysis.drift.decoding import LARGEST, missing
from policyeval.cli.seen import Fetch, Known, Seen, is_address
from policyeval.messages import Message, message

if TYPE_CHECKING:
    import urllib3

_REDIRECTS: Final = 5
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_CHUNK: Final = 64 * 1024

SECONDS: Final = 60.0
"""How long a page may take, in all."""


def page_fetcher(address: str, now: Callable[[], datetime], seconds: float = SECONDS) -> Fetch:
    """Make what looks at a page.

    A server that is asked again is told what it sent last (`If-None-Match`, `If-Modified-Since`), so
    that it need not send it again.

    Raises:
        UnsupportedError: The library is not installed.
    """
    try:
        import urllib3
    except ImportError:
        raise missing("urllib3", address) from None
    pool = urllib3.PoolManager(
        num_pools=4,
        retries=False,
        timeout=urllib3.Timeout(connect=min(seconds, 15.0), read=min(seconds, 30.0)),
        headers={
            "User-Agent": f"policyeval/{version('policyeval')} (watches terms for changes)",
            "Accept": "text/html, application/pdf, text/plain;q=0.9, */*;q=0.1",
            "Accept-Encoding": "gzip, deflate",
        },
    )

    def fetch(known: Known) -> Seen:
        try:
            return _page(pool, address, known, now, seconds)
        except urllib3.exceptions.HTTPError as error:
            return Seen(None, address, problem=_network(error))
        except (OSError, ValueError):
            return Seen(None, address, problem=message("the page cannot be reached"))

    return fetch


def _network(error: "urllib3.exceptions.HTTPError") -> Message:
    import urllib3

    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return message("the page cannot be reached")
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return message("the server takes too long")
    if isinstance(error, urllib3.exceptions.SSLError):
        return message("the server does not prove who it is")
    return message("the page cannot be reached")


def _page(
    pool: "urllib3.PoolManager",
    address: str,
    known: Known,
    now: Callable[[], datetime],
    seconds: float,
) -> Seen:
    deadline = time.monotonic() + seconds
    where = address
    headers = dict(pool.headers)
    if known.sha256 is not None:
        if known.etag is not None:
            headers["If-None-Match"] = known.etag
        if known.last_modified is not None:
            headers["If-Modified-Since"] = known.last_modified
    for _ in range(_REDIRECTS + 1):
        with _asked(pool, where, headers) as response:
            if response.status in _MOVED and response.headers.get("Location"):
                where = urljoin(where, response.headers["Location"])
                if not is_address(where):
                    what = message("the page leads to something that is no page")
                    return Seen(None, address, response.status, problem=what)
                continue
            return _answer(response, address, deadline, now)
    return Seen(None, address, problem=message("the page leads from one address to the next"))


@contextmanager
def _asked(
    pool: "urllib3.PoolManager", address: str, headers: dict[str, str]
) -> "Iterator[urllib3.BaseHTTPResponse]":
    response = pool.request("GET", address, headers=headers, redirect=False, preload_content=False)
    try:
        yield response
    finally:
        response.close()


def _answer(
    response: "urllib3.BaseHTTPResponse",
    address: str,
    deadline: float,
    now: Callable[[], datetime],
) -> Seen:
    status = response.status
    wait = _retry_after(response.headers.get("Retry-After"), now)
    if status == 304:
        return Seen(None, address, status, wait=wait)
    if status != 200:
        what = message("the server answers with status {status}", status=status)
        return Seen(None, address, status, problem=what, wait=wait)
    parts: list[bytes] = []
    size = 0
    for chunk in response.stream(_CHUNK, decode_content=True):
        parts.append(chunk)
        size += len(chunk)
        if size > LARGEST:
            what = message("the page has more than {limit} bytes", limit=LARGEST)
            return Seen(None, address, status, problem=what)
        if time.monotonic() > deadline:
            return Seen(None, address, status, problem=message("the server takes too long"))
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Seen(
        b"".join(parts),
        _named(address, kind),
        status,
        _header(response.headers.get("ETag")),
        _header(response.headers.get("Last-Modified")),
    )


def _named(address: str, kind: str) -> str:
    """Give the address, with the end that says what kind of file it is."""
    end = {"text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf"}
    path = urlsplit(address).path.lower()
    wanted = end.get(kind, ".txt" if kind == "text/plain" else "")
    return address if not wanted or path.endswith(wanted) else f"{address}{wanted}"


def _header(text: str | None) -> str | None:
    """Keep what a server says of a page only if it can be sent back to it."""
    if text is None or len(text) > 1000 or not text.isascii() or not text.isprintable():
        return None
    return text


def _retry_after(text: str | None, now: Callable[[], datetime]) -> float | None:
    """Read how long a server asks to be left alone: a number of seconds, or a moment."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now()).total_seconds())


# ------------------------------------------------------------------------------- files


def file_fetcher(name: str) -> Fetch:
    """Make what looks at a file; it is read again only if its time or its size is another one."""
    path = Path(name)
    last: tuple[int, int] | None = None

    def fetch(known: Known) -> Seen:
        nonlocal last
        try:
            if not path.is_file():
                return Seen(None, name, problem=message("there is no such file"))
            status = path.stat()
            mark = (status.st_mtime_ns, status.st_size)
            if last == mark and known.sha256 is not None:
                return Seen(None, name)
            if status.st_size > LARGEST:
                what = message("the file has more than {limit} bytes", limit=LARGEST)
                return Seen(None, name, problem=what)
            with path.open("rb") as file:
                raw = file.read(LARGEST + 1)
        except (OSError, ValueError):
            return Seen(None, name, problem=message("the file cannot be read"))
        last = mark
        return Seen(raw, name)

    return fetch
