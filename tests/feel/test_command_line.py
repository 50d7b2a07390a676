"""The command line: what it prints, where, and with which exit status."""

import io
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from policyeval.diagnostics import Diagnostic
from policyeval.feel.__main__ import main
from policyeval.feel.context_file import without_consequences
from policyeval.messages import message
from policyeval.source import Source, Span

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("POLICYEVAL_LANG", "en")


def given_on_standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def process(*arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "policyeval.feel", *arguments],
        input=data,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


# ------------------------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("1 + 2", "3"),
        ("0.1 + 0.2", "0.3"),
        ('"a" + "b"', '"ab"'),
        ("null", "null"),
        ('@"2023-08-31" + @"P6M"', '@"2024-02-29"'),
        ("[1, {a b: true}]", '[1, {"a b": true}]'),
        ("(1..2]", "(1..2]"),
        ('"\\u202e\\uD83D\\uDE00"', '"\\u202e😀"'),
        ("for i in 1..5 return i * i", "[1, 4, 9, 16, 25]"),
    ],
)
def test_the_value_is_printed_as_feel_text(expression: str, printed: str, capsys: Capture) -> None:
    assert main([expression]) == 0
    assert capsys.readouterr() == (printed + "\n", "")


def test_a_function_is_printed_although_it_has_no_text(capsys: Capture) -> None:
    assert main(["[function(a, b) a]"]) == 0
    assert "a, b" in capsys.readouterr().out


def test_an_expression_is_read_from_a_file(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "fee.feel"
    path.write_bytes(b"\xef\xbb\xbf// the fee\n1 +\n  1\n")
    assert main(["--file", str(path)]) == 0
    assert capsys.readouterr().out == "2\n"
    path.write_text("1 +\n\n", encoding="utf-8")
    assert main(["--file", str(path)]) == 1
    assert capsys.readouterr().err.startswith(f"{path}:1:")


def test_an_expression_is_read_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    given_on_standard_input(monkeypatch, b"1 +\n 1\n")
    assert main(["-"]) == 0
    assert capsys.readouterr().out == "2\n"


def test_unary_tests_are_about_the_question_mark_of_the_context(
    tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "context.json"
    path.write_text('{"?": 5}', encoding="utf-8")
    assert main(["< 3, [5..6)", "--unary-tests", "--context", str(path)]) == 0
    assert capsys.readouterr().out == "true\n"


# ------------------------------------------------------------------------------- contexts

CONTEXTS = {
    "context.json": '{"rate": 0.25, "from": {"@": "2024-01-31"}, "full name": {"last one": "Ö"}}',
    "context.feel": '{rate: 1/4, "from": @"2024-01-31", full name: {last one: "Ö"}}',
    "context": '\ufeff {"rate": 0.25, "from": {"@": "2024-01-31"}, "full name": {"last one": "Ö"}}',
    "context.txt": '// a comment\n{rate: 0.25, from: date(2024, 1, 31), full name: {last one: "Ö"}}',
}


@pytest.mark.parametrize("name", CONTEXTS)
def test_a_context_is_json_or_feel(name: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / name
    path.write_text(CONTEXTS[name], encoding="utf-8")
    expression = '[rate * 4, from + @"P1M", full name.last one]'
    assert main([expression, "--context", str(path)]) == 0
    assert capsys.readouterr() == ('[1, @"2024-02-29", "Ö"]\n', "")


def test_the_strict_mode_takes_the_types_of_the_values(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "context.json"
    path.write_text('{"n": 2, "s": "x", "d": {"@": "2024-01-31"}}', encoding="utf-8")
    context = ["--context", str(path), "--mode", "strict"]
    assert main(["n * 3 + d.year + string length(s)", *context]) == 0
    assert capsys.readouterr().out == "2031\n"
    assert main(["n + s", *context]) == 1
    assert "[feel.type]" in capsys.readouterr().err


REFUSED: list[tuple[str, bytes, str]] = [
    ("a.json", b'{"a": 1, "a": 2}', "a.json:1:10: error: `a` is given twice"),
    ("a.json", b'{"a":\n NaN}', "a.json:2:2: error: `NaN` cannot stand here"),
    ("a.json", b'{"a": 1', "a.json:1:8: error: the text ends too early"),
    ("a.json", b'{"a": {"@": "2024-02-30"}}', "a.json:1:7: error: "),
    ("a.json", b"[1, 2]", "a.json:1:1: error: a context is wanted, not a `list`"),
    ("a.json", b"", "a.json:1:1: error: the text ends too early"),
    ("a.json", b"[" * 100_000, "more than 256 deep"),
    ("a.json", b'{"a": 1e999999999}', "a.json:1:7: error: the number is out of range"),
    ("a.json", b'{"a": "\xff"}', "a.json` is not written in UTF-8, from byte 7 on"),
    ("a.json", '{"a": 1}'.encode("utf-16"), "a.json` is not written in UTF-8, from byte 0 on"),
    ("a.feel", b"{a: 1", "a.feel:1:"),
    ("a.feel", b"{a: 1 / 0}", "a.feel:1:5: error: a number cannot be divided by zero"),
    ("a.feel", b"{a: b}", "a.feel:1:5: error: unknown name `b`"),
    ("a.feel", b"5", "a.feel:1:1: error: a context is wanted, not a `number`"),
    ("a", b"hello", "a:1:1: error: unknown name `hello`"),
]


@pytest.mark.parametrize(
    ("name", "data", "complaint"), REFUSED, ids=[f"{n} {d[:20]!r}" for n, d, _ in REFUSED]
)
def test_a_context_that_cannot_be_used_is_refused_with_its_place(
    name: str, data: bytes, complaint: str, tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert main(["1", "--context", str(path)]) == 3
    printed, complained = capsys.readouterr()
    assert printed == ""
    assert complaint in complained.replace(f"{tmp_path}{os.sep}", "")
    assert complained.count("error:") == 1


@pytest.mark.parametrize(("option", "status"), [("--context", 3), ("--file", 2)])
def test_a_file_that_is_not_there_or_is_a_folder_is_told_in_one_line(
    option: str, status: int, tmp_path: Path, capsys: Capture
) -> None:
    expression = ["1"] if option == "--context" else []
    missing = tmp_path / "missing.json"
    assert main([*expression, option, str(missing)]) == status
    assert capsys.readouterr().err == f"error: there is no file `{missing}`\n"
    assert main([*expression, option, str(tmp_path)]) == status
    assert capsys.readouterr().err == f"error: `{tmp_path}` is a folder, not a file\n"
    assert main([*expression, option, "x" * 5_000]) == status
    assert capsys.readouterr().err.endswith("cannot be read\n")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_told_in_one_line(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "secret.json"
    path.write_text("{}", encoding="utf-8")
    path.chmod(0)
    assert main(["1", "--context", str(path)]) == 3
    assert capsys.readouterr().err == f"error: `{path}` may not be read\n"


def test_an_expression_that_is_no_text_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    given_on_standard_input(monkeypatch, b"1 + \xff")
    assert main(["-"]) == 2
    assert capsys.readouterr().err == (
        "error: `standard input` is not written in UTF-8, from byte 4 on\n"
    )


# ------------------------------------------------------------------------------- problems


def test_what_has_no_result_is_null_with_a_warning(capsys: Capture) -> None:
    assert main(["1 + 1 / 0"]) == 0
    printed, complained = capsys.readouterr()
    assert printed == "null\n"
    assert complained.count("warning:") == 1
    assert "[eval.division-by-zero]" in complained


def test_what_has_no_result_is_an_error_in_strict_mode(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "context.json"
    path.write_text('{"n": 0}', encoding="utf-8")
    assert main(["1 / n", "--mode", "strict", "--context", str(path)]) == 1
    printed, complained = capsys.readouterr()
    assert printed == ""
    assert "error: a number cannot be divided by zero" in complained


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 10_000,
        "if " * 10_000,
        "1+" * 500_000 + "1",
        "[" * 10_000 + "]" * 10_000,
        "10 ** (10 ** 10)",
        "for i in 1..1000000000000 return i",
        '"' + "x" * 1_000_000,
        "\x00",
        "{a: function() a(), b: a()}.b",
    ],
    ids=lambda text: text[:12],
)
def test_a_hostile_expression_gets_an_answer_soon(expression: str, capsys: Capture) -> None:
    assert main([expression]) in {0, 1}
    printed, complained = capsys.readouterr()
    assert printed in {"", "null\n"}
    assert "Traceback" not in complained
    assert len(complained) < 5_000


@pytest.mark.parametrize(
    "arguments",
    [[], ["1", "2"], ["1", "--file", "x"], ["--nope"], ["1", "--mode", "loose"], ["1", "--lang"]],
    ids=" ".join,
)
def test_a_wrong_command_line_has_the_status_2(arguments: list[str], capsys: Capture) -> None:
    try:
        status: object = main(arguments)
    except SystemExit as stop:
        status = stop.code
    assert status == 2
    assert "error: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variables", "arguments", "word"),
    [
        ({"POLICYEVAL_LANG": "en", "LANG": "de_DE.UTF-8"}, ["--lang", "sv"], ": fel: "),
        ({"POLICYEVAL_LANG": "en", "LANG": "de_DE.UTF-8"}, ["--lang=sv"], ": fel: "),
        ({"POLICYEVAL_LANG": "sv", "LANG": "de_DE.UTF-8"}, [], ": fel: "),
        ({"LANG": "de_DE.UTF-8"}, [], ": Fehler: "),
        ({"LC_ALL": "sv_SE.UTF-8", "LANG": "de_DE.UTF-8"}, [], ": fel: "),
        ({"LANG": "C"}, [], ": error: "),
        ({"LANG": "../../etc"}, [], ": error: "),
        ({}, [], ": error: "),
    ],
)
def test_the_language_is_the_options_then_the_variables_then_the_systems(
    variables: dict[str, str],
    arguments: list[str],
    word: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    monkeypatch.delenv("POLICYEVAL_LANG")
    monkeypatch.setattr("locale.getlocale", lambda: (None, None))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert main(["1 +", *arguments]) == 1
    assert word in capsys.readouterr().err


def test_the_command_lines_own_words_are_in_the_readers_language(capsys: Capture) -> None:
    for language, word in {"sv": "användning: ", "de": "Verwendung: ", "en": "usage: "}.items():
        with pytest.raises(SystemExit):
            main(["--help", "--lang", language])
        assert capsys.readouterr().out.lower().startswith(word.lower())
    assert "LANGUAGE" not in os.environ


GOLDEN = {
    "unknown-name": ['{first_invoice_on: @"2024-02-01", due: first_invoce_on + @"P6M"}.due'],
    "unknown-name-strict": ["fee_rate * fee_rte", "--mode", "strict"],
    "type": ['"Anna" + 1', "--mode", "strict"],
    "syntax": ["if amount > 100 then 10 els 5"],
    "several-lines": ['{\n  paid_on: @"2024-05-17",\n  due_on: paid_on + 45\n}.due_on'],
    "warning": ["1 + 1 / 0"],
    "wide-characters": ['"漢字" + nme'],
}


@pytest.mark.parametrize("language", ["en", "sv", "de"])
@pytest.mark.parametrize("name", GOLDEN)
def test_problems_are_shown_with_carets_in_every_language(
    name: str,
    language: str,
    tmp_path: Path,
    capsys: Capture,
    golden: Callable[[str, str], None],
) -> None:
    path = tmp_path / "context.json"
    path.write_text('{"fee_rate": 0.25, "amount": 120}', encoding="utf-8")
    status = main([*GOLDEN[name], "--context", str(path), "--lang", language])
    printed, complained = capsys.readouterr()
    golden(
        f"command_line/{name}.{language}.txt",
        f"{complained}--- standard output, exit status {status}\n{printed}",
    )


def test_a_problem_within_another_is_told_alone() -> None:
    def problem(start: int, end: int) -> Diagnostic:
        return Diagnostic("eval.null", message("error"), Span(start, end), Source("x" * 20))

    spans = [(0, 20), (4, 8), (4, 8), (5, 6), (10, 12), (10, 11), (15, 16)]
    kept = without_consequences([problem(*each) for each in spans])
    assert [(each.span.start, each.span.end) for each in kept] == [(5, 6), (10, 11), (15, 16)]


# ------------------------------------------------------------------------------- as a process


def test_requests_are_answered_line_by_line() -> None:
    request = {"id": "å", "kind": "expression", "expression": '"å" + "😀"'}
    line = json.dumps(request, ensure_ascii=False).encode() + b"\n"
    ran = process("--json-lines", "--tables", "native", data=line + b"nonsense\n" + line)
    assert ran.returncode == 0
    assert ran.stderr == b""
    answers = [json.loads(each) for each in ran.stdout.decode("ascii").splitlines()]
    assert [each.get("value") for each in answers] == ["å😀", None, "å😀"]
    assert "error" in answers[1]


def test_an_answer_comes_before_the_next_request_is_sent() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "policyeval.feel", "--json-lines"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for number in range(3):
            request = {"id": number, "kind": "expression", "expression": str(number)}
            running.stdin.write(json.dumps(request).encode() + b"\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["id"] == number
        running.stdin.close()
        assert running.wait(10) == 0


def test_a_reader_that_goes_away_is_no_problem() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "policyeval.feel", "--json-lines"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        running.stdin.write(b'{"id": 1, "kind": "expression", "expression": "1"}\n' * 10)
        running.stdin.close()
        assert running.stderr.read() == b""
        assert running.wait(10) == 0


def test_an_interruption_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("policyeval.feel.protocol.serve", interrupted)
    assert main(["--json-lines"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_terminal_without_the_characters_shows_their_numbers() -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(
        [sys.executable, "-m", "policyeval.feel", '"å"'], capture_output=True, check=False, env=env
    )
    assert ran.stdout == b'"\\xe5"\n'


# ------------------------------------------------------------------------------- odd surroundings

POSIX = pytest.mark.skipif(os.name != "posix", reason="about streams and pipes of POSIX")


def shell(command: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line with streams that the shell has closed or led elsewhere."""
    program = f"{shlex.quote(sys.executable)} -m policyeval.feel"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **variables}
    return subprocess.run(
        ["sh", "-c", f"{program} {command}"], capture_output=True, check=False, env=env, timeout=60
    )


CLOSED = [
    ("- <&-", 2, "standard input` cannot be read"),
    ("--json-lines <&-", 2, "requests are read from standard input"),
    ("--json-lines >&-", 2, "requests are read from standard input"),
    ("1 <&-", 0, ""),
    ("1 >&-", 0, ""),
    ("'1 +' <&- >&-", 1, "stops too early"),
]


@POSIX
@pytest.mark.parametrize(("command", "status", "complaint"), CLOSED, ids=[c for c, *_ in CLOSED])
def test_closed_streams_are_no_accident(command: str, status: int, complaint: str) -> None:
    ran = shell(command)
    assert ran.returncode == status
    assert complaint in ran.stderr.decode()
    assert ran.stderr.count(b"\n") <= 3


@POSIX
def test_complaints_never_stand_among_the_answers() -> None:
    ran = shell("'1 +' 2>&-")
    assert (ran.returncode, ran.stdout) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize("command", ["1", "-", "--json-lines"])
def test_an_answer_that_cannot_be_written_is_told_in_one_line(command: str) -> None:
    request = '{"id": 1, "kind": "expression", "expression": "1"}'
    ran = shell(f"{command} >/dev/full <<'END'\n{request}\nEND\n")
    assert ran.returncode == 1
    assert ran.stderr == b"error: the answer cannot be written\n"


@POSIX
@pytest.mark.parametrize(("option", "status"), [("--file", 2), ("1 --context", 3)])
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(
    option: str, status: int, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    ran = shell(f"{option} {shlex.quote(str(pipe))}")
    assert ran.returncode == status
    assert ran.stderr.decode() == f"error: nothing is written to the pipe `{pipe}`\n"


@POSIX
def test_a_pipe_that_has_a_writer_is_read() -> None:
    ran = shell("n --context /dev/stdin <<'END'\n{\"n\": 5}\nEND\n")
    assert (ran.returncode, ran.stdout) == (0, b"5\n")
    piped = subprocess.run(
        [sys.executable, "-m", "policyeval.feel", "--file", "/dev/stdin"],
        input=b"1 + 1",
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (piped.returncode, piped.stdout) == (0, b"2\n")


@POSIX
def test_letters_reach_the_expression_in_a_locale_that_has_none() -> None:
    ran = shell('\'"å" + "ß"\'', LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout in ('"åß"\n'.encode(), b'"\\xe5\\xdf"\n')


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=repr)
def test_lines_end_as_they_do_in_any_editor(end: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "fee.feel"
    path.write_bytes("\ufeff1 + // one\n2 +\n  x y\n".replace("\n", end).encode())
    assert main(["--file", str(path)]) == 1
    assert capsys.readouterr().err.startswith(f"{path}:3:5: error: ")
