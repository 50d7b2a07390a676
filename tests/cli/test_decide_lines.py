"""`policyeval decide --input`: a file of lines in, two files out, and what the operator is told."""

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from policyeval.cli import streaming
from policyeval.errors import UnsupportedError
from policyeval.evaluator.policies import PolicySet, load_policies
from tests.cli.conftest import PROGRAMMES, Cli, Output
from tests.cli.facts import as_json

NAME = "example-referral"
ASKED_ON = ("--asked-on", "2025-01-31")
QUICK = ("--policies", str(PROGRAMMES), "--decision", "order_window_ends_on")
SOURCES = str(Path(__file__).parents[2] / "src")

GIVEN = b"".join(
    [
        b"\xef\xbb\xbf" + as_json() + b"\r\n",
        b"\n",
        b'{"id": "A-1", "facts": ' + as_json(order_amount=3) + b"}\n",
        as_json(amuont=3) + b"\n",
        b'{"id": 7, "asked_on": "2025-03-01", "facts": ' + as_json() + b"}\n",
        b'{"id": 8, "facts": {"product": 1}}\n',
        as_json(),  # without an end
    ]
)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "fsync", lambda _: None)  # it takes its time
    Path("tx.jsonl").write_bytes(GIVEN)


@pytest.fixture(scope="module")
def loaded() -> PolicySet:
    return load_policies(PROGRAMMES)


def run(
    cli: Cli, *options: str, given: bytes = b"", asked_on: tuple[str, ...] = ASKED_ON
) -> Output:
    return cli("decide", NAME, *options, *asked_on, *QUICK, given=given)


def to_file(cli: Cli, *options: str) -> Output:
    return run(cli, "--input", "tx.jsonl", "--output", "out.jsonl", *options)


def objects(path: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in Path(path).read_bytes().splitlines()]


# ------------------------------------------------------------------------------- what comes out


def test_every_line_is_decided_or_rejected_in_its_order(cli: Cli, loaded: PolicySet) -> None:
    found = to_file(cli)
    assert (found.status, found.out) == (1, "")
    assert found.err == "decided: 4, rejected: 2 (see `out.rejected.jsonl`)\n"
    decided = objects("out.jsonl")
    assert [(each["line"], each.get("id")) for each in decided] == [
        (1, None),
        (3, "A-1"),
        (5, 7),
        (7, None),
    ]
    record = loaded.evaluate(
        NAME, as_json(), asked_on=date(2025, 1, 31), decisions=("order_window_ends_on",)
    ).to_record()
    first = Path("out.jsonl").read_bytes().splitlines()[0]
    assert first == b'{"line":1,"evaluation":' + record + b"}"
    rejected = objects("out.rejected.jsonl")
    assert [(each["line"], each["id"]) for each in rejected] == [(4, None), (6, 8)]
    assert all("text" not in each for each in rejected)


def test_a_clean_input_is_status_0_and_leaves_no_rejected_line(cli: Cli) -> None:
    found = run(cli, "--input", "-", "--output", "out.jsonl", given=as_json() + b"\n")
    assert (found.status, found.err) == (0, "decided: 1, rejected: none\n")
    assert Path("out.rejected.jsonl").read_bytes() == b""


def test_answers_go_to_standard_output_where_no_file_is_named(cli: Cli) -> None:
    for output in ((), ("--output", "-")):
        found = run(cli, "--input", "-", *output, "--overwrite", given=GIVEN)
        assert found.status == 1
        assert found.err == "decided: 4, rejected: 2 (see `rejected.jsonl`)\n"
        assert [json.loads(line)["line"] for line in found.out.splitlines()] == [1, 3, 5, 7]
        assert len(objects("rejected.jsonl")) == 2


def test_rejected_lines_go_where_they_are_wanted_in_the_reader_s_language(cli: Cli) -> None:
    found = to_file(cli, "--rejected", "bad.jsonl", "--keep-text", "--lang", "sv")
    assert found.status == 1
    first = objects("bad.jsonl")[0]
    assert first["problems"] == [
        {
            "code": "input.unknown-fact",
            "path": "amuont",
            "column": as_json(amuont=3).index(b'"amuont"') + 1,
            "message": "okänd uppgift `amuont`",
            "help": first["problems"][0]["help"],  # type: ignore[index]  # a list of objects
        }
    ]
    assert first["text"] == as_json(amuont=3).decode()
    assert not Path("out.rejected.jsonl").exists()


def test_answers_can_have_all_their_texts(cli: Cli, loaded: PolicySet) -> None:
    to_file(cli, "--texts", "--lang", "de")
    evaluation = loaded.evaluate(
        NAME, as_json(), asked_on=date(2025, 1, 31), decisions=("order_window_ends_on",)
    )
    assert objects("out.jsonl")[0]["evaluation"] == json.loads(evaluation.to_json("de"))


def test_without_a_day_today_is_said_once(cli: Cli) -> None:
    found = run(cli, "--input", "tx.jsonl", asked_on=())
    today = date.today().isoformat()
    assert found.err.splitlines()[0] == (
        f"lines that give no day themselves are asked on {today}, since no day was given"
    )
    days = [json.loads(line)["evaluation"]["asked_on"] for line in found.out.splitlines()]
    assert days == [today, today, "2025-03-01", today]


def test_several_processes_write_the_same_files(cli: Cli) -> None:
    Path("tx.jsonl").write_bytes(GIVEN + b"\n" + b"[]\n" * 450)
    to_file(cli)
    assert run(cli, "--input", "tx.jsonl", "--output", "two.jsonl", "--workers", "2").status == 1
    for one, two in (("out.jsonl", "two.jsonl"), ("out.rejected.jsonl", "two.rejected.jsonl")):
        assert Path(one).read_bytes() == Path(two).read_bytes()


# ------------------------------------------------------------------------------- wrong use

WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "both": (("facts.json", "--input", "tx.jsonl"), "either `FACTS.json` or `--input`"),
    "output-alone": (("facts.json", "--output", "x"), "`--output` goes with `--input`"),
    "keep-text-alone": (("facts.json", "--keep-text"), "`--keep-text` goes with `--input`"),
    "resume-and-overwrite": (
        ("--input", "tx.jsonl", "--output", "x", "--resume", "--overwrite"),
        "either `--resume` or `--overwrite`",
    ),
    "resume-without-file": (("--input", "tx.jsonl", "--resume"), "`--resume` goes with `--output`"),
    "rejected-nowhere": (("--input", "tx.jsonl", "--rejected", "-"), "`--rejected` wants a file"),
    "same-file": (
        ("--input", "tx.jsonl", "--output", "./tx.jsonl"),
        "`--input` and `--output` are the",
    ),
    "same-new-file": (
        ("--input", "tx.jsonl", "--output", "x", "--rejected", "../{here}/x"),
        "are the same file",
    ),
    "no-input": (("--input", "no.jsonl"), "`no.jsonl`: there is no such file or folder"),
    "folder": (("--input", "."), "`.`: this is a folder, where a file is wanted"),
    "no-name": (("--input", "a\x00b"), "no file can be named so"),
    "no-output": (("--input", "tx.jsonl", "--output", "no/x"), "there is no such file or folder"),
    "no-output-name": (("--input", "tx.jsonl", "--output", ""), "cannot be written"),
    "same-state-file": (
        ("--input", "tx.jsonl", "--output", "x", "--rejected", "x.state"),
        "`--rejected` and `x.state` are the same file: `x.state`",
    ),
    "workers": (
        ("--input", "tx.jsonl", "--workers", "65"),
        "`65` is neither `auto` nor a number from 1 to 64",
    ),
    "workers-none": (
        ("--input", "tx.jsonl", "--workers", "0"),
        "`0` is neither `auto` nor a number from 1 to 64",
    ),
    "workers-minus": (("--input", "tx.jsonl", "--workers=-1"), "neither `auto` nor a number"),
    "format": (
        ("--input", "tx.jsonl", "--format", "json"),
        "`--format` does not go with `--input`: the answers are JSON",
    ),
    "overlay": (("--input", "tx.jsonl", "--overlay", "x"), "there is no overlay `x`"),
    "decision": (("--input", "tx.jsonl", "--decision", "x"), "there is no decision `x`"),
    "neither": ((), "either `FACTS.json` or `--input` is wanted"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_run_that_cannot_begin_is_said_with_status_2(cli: Cli, what: str) -> None:
    options, complaint = WRONG[what]
    found = run(cli, *(each.replace("{here}", Path.cwd().name) for each in options))
    assert (found.status, found.out) == (2, "")
    assert complaint in found.err
    assert "Traceback" not in found.err
    assert Path("tx.jsonl").read_bytes() == GIVEN


def test_broken_policies_are_said_with_status_2_too(cli: Cli, policies: Path) -> None:
    (policies / NAME / "programme.yaml").write_text("{", encoding="utf-8")
    found = cli("decide", NAME, "--input", "tx.jsonl", "--output", "out.jsonl", *ASKED_ON)
    assert (found.status, found.out) == (2, "")
    assert "programme.yaml:1:" in found.err
    assert not Path("out.jsonl").exists()


# ------------------------------------------------------------------------------- going on


def test_what_is_there_is_neither_overwritten_nor_gone_on_with_unasked(cli: Cli) -> None:
    to_file(cli)
    before = Path("out.jsonl").read_bytes()
    found = to_file(cli)
    assert found.status == 2
    assert found.err == (
        "error: `out.jsonl` is not empty\n"
        "   help: `--resume` goes on with an interrupted run, `--overwrite` begins anew\n"
    )
    assert to_file(cli, "--overwrite").status == 1
    assert Path("out.jsonl").read_bytes() == before


def test_a_run_that_is_resumed_ends_as_if_it_had_never_stopped(cli: Cli) -> None:
    assert to_file(cli, "--resume").status == 1  # there was none: it begins
    expected = Path("out.jsonl").read_bytes(), Path("out.rejected.jsonl").read_bytes()
    Path("out.jsonl").write_bytes(expected[0][:700])
    Path("out.rejected.jsonl").write_bytes(expected[1] + b'{"li')
    found = to_file(cli, "--resume")
    assert found.status == 1
    assert found.err == "decided: 4, rejected: 2 (see `out.rejected.jsonl`)\n"
    assert (Path("out.jsonl").read_bytes(), Path("out.rejected.jsonl").read_bytes()) == expected
    again = to_file(cli, "--resume")
    assert again.err == "going on after line 6\n" + found.err


def test_a_run_that_is_resumed_on_another_day_is_asked_on_its_first(cli: Cli) -> None:
    asked = ("--input", "tx.jsonl", "--output", "out.jsonl")
    run(cli, *asked, asked_on=("--asked-on", "2025-02-28"))
    before = Path("out.jsonl").read_bytes()
    found = run(cli, *asked, "--resume", asked_on=())
    assert "are asked on 2025-02-28" in found.err
    assert Path("out.jsonl").read_bytes() == before
    refused = run(cli, *asked, "--resume")
    assert refused.status == 2
    assert "another `--asked-on`: `2025-02-28`, not `2025-01-31`" in refused.err


def test_another_input_or_other_policies_are_not_mixed_in(cli: Cli, policies: Path) -> None:
    asked = ("decide", NAME, "--input", "tx.jsonl", "--output", "out.jsonl", "--resume")
    narrow = (*ASKED_ON, "--decision", "order_window_ends_on")
    assert cli(*asked, *narrow).status == 1
    Path("tx.jsonl").write_bytes(GIVEN.replace(b"A-1", b"A-2"))
    found = cli(*asked, *narrow)
    assert found.status == 2
    assert "the input is not the one that the interrupted run has read" in found.err
    Path("tx.jsonl").write_bytes(GIVEN)
    with (policies / NAME / "programme.yaml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    found = cli(*asked, *narrow)
    assert found.status == 2
    assert found.err == (
        "error: the policies have changed since the interrupted run\n"
        "   help: put back the policies of that run and resume it, or name another `--output`; "
        "`--overwrite` begins anew\n"
    )


def test_what_is_wrong_with_more_than_a_line_ends_the_run_and_keeps_what_is_written(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> bytes:
        raise UnsupportedError(())

    with monkeypatch.context() as patched:
        patched.setattr(PolicySet, "decide", fail)
        found = to_file(cli)
    assert found.status == streaming.UNFINISHED
    assert found.err.endswith("interrupted after line 0; `--resume` goes on from there\n")
    assert to_file(cli, "--resume").status == 1


def test_a_disk_that_is_full_is_named(cli: Cli) -> None:
    found = run(cli, "--input", "tx.jsonl", "--output", "/dev/full")
    assert found.status == streaming.UNFINISHED
    assert found.err == (
        "error: `/dev/full`: the file cannot be written: there is no room left for it\n"
        "interrupted after line 0\n"
    )


# ------------------------------------------------------------------------------- processes


def ran(*options: str, after: str) -> "subprocess.CompletedProcess[bytes]":
    """Run to the end, with standard streams as a shell connects them."""
    command = [sys.executable, "-m", "policyeval", "decide", NAME, *ASKED_ON, *QUICK, *options]
    return subprocess.run(
        ["bash", "-c", f'"$@" {after}', "bash", *command],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": SOURCES},
    )


def test_standard_output_that_is_full_ends_the_run_unfinished() -> None:
    found = ran("--input", "tx.jsonl", after=">/dev/full")
    assert found.returncode == streaming.UNFINISHED
    assert found.stderr == b"error: the answer cannot be written\ninterrupted after line 0\n"


def test_with_a_closed_stream_no_run_begins() -> None:
    no_output = ran("--input", "tx.jsonl", after=">&-")
    assert (no_output.returncode, no_output.stderr) == (
        2,
        b"error: the answer cannot be written\n",
    )
    no_input = ran("--input", "-", "--output", "out.jsonl", after="<&-")
    assert (no_input.returncode, no_input.stderr) == (2, b"error: standard input is closed\n")
    assert not Path("out.jsonl").exists()


def begun(*options: str) -> "subprocess.Popen[bytes]":
    """Begin a run of its own, which reads from a pipe."""
    command = [sys.executable, "-m", "policyeval", "decide", NAME, *ASKED_ON, *QUICK]
    return subprocess.Popen(
        [*command, "--input", "-", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": SOURCES},
        start_new_session=True,
    )


def until(true: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    """Wait for something that a process does."""
    while not true():
        assert process.poll() is None
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.01)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_interrupted_can_be_resumed(cli: Cli, how: signal.Signals) -> None:
    process = begun("--output", "out.jsonl", "--workers", "2")
    assert process.stdin is not None
    first = GIVEN[: GIVEN.index(b'{"id": 7')]
    process.stdin.write(first)
    process.stdin.flush()
    # Answers are there before the input goes on.
    output = Path("out.jsonl")
    until(lambda: output.exists() and output.read_bytes().count(b"\n") == 2, process)
    if how == signal.SIGINT:  # Ctrl-C is for all processes that a terminal has begun
        os.killpg(process.pid, how)
    else:
        process.kill()
    _, told = process.communicate()  # until the workers have ended, who have these streams too
    if how == signal.SIGINT:
        assert process.returncode == 130
        assert told == b"interrupted after line 4; `--resume` goes on from there\n"
    found = run(cli, "--input", "-", "--output", "out.jsonl", "--resume", given=GIVEN)
    assert found.status == 1
    resumed = output.read_bytes(), Path("out.rejected.jsonl").read_bytes()
    to_file(cli, "--overwrite")
    assert (output.read_bytes(), Path("out.rejected.jsonl").read_bytes()) == resumed


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    process = begun()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(as_json() + b"\n")
    process.stdin.flush()
    assert process.stdout.readline().startswith(b'{"line":1,')
    process.stdout.close()
    process.stdin.write(as_json() + b"\n")
    process.stdin.close()
    assert process.stderr is not None
    assert (process.stderr.read(), process.wait()) == (b"", 0)
    process.stderr.close()


# ------------------------------------------------------------------------------- progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("source", ["tx.jsonl", "-"])
def test_a_terminal_shows_how_far_it_is(
    cli: Cli, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", shown)
    found = run(cli, "--input", source, "--output", "out.jsonl", given=GIVEN)
    assert found.status == 1
    text = shown.getvalue()
    assert "deciding" in text
    assert ("%" in text) == (source != "-")
    assert ("lines" in text) == (source == "-")
    assert text.endswith("decided: 4, rejected: 2 (see `out.rejected.jsonl`)\n")


# ------------------------------------------------------------------------------- the page


def test_the_page_has_every_option_and_exit_status(cli: Cli) -> None:
    page = (Path(__file__).parents[2] / "docs" / "streams.md").read_text(encoding="utf-8")
    options = re.findall(r"^  (--[a-z-]+)", cli("decide", "--help").out, re.MULTILINE)
    ours = options[options.index("--input") : options.index("--keep-text") + 1]
    assert len(ours) == 8
    for each in (*ours, "--asked-on", "--known-on", "--decision", "--overlay"):
        assert re.search(rf"^\|.*`{each}[ `]", page, re.MULTILINE), each
    for status in (0, 1, 2, streaming.UNFINISHED, 130):
        assert re.search(rf"^\| {status} \|", page, re.MULTILINE), status
