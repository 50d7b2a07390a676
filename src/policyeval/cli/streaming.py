"""`policyeval decide --input`: many transactions, one to a line, from a file or a pipe to another."""

import argparse
import datetime as dt
import os
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from policyeval.cli.progress import amount
from policyeval.cli.words import FINDINGS, FINE, INTERRUPTED, USAGE, processors
from policyeval.console import complain, give_up_writing, tell
from policyeval.messages import Message, message

if TYPE_CHECKING:  # asking for help loads none of it
    from policyeval.evaluator.policies import PolicySet
    from policyeval.streams.deciding import Decider, Question
    from policyeval.streams.model import StreamError
    from policyeval.streams.opening import Input
    from policyeval.streams.reading import Reader
    from policyeval.streams.results import Wording
    from policyeval.streams.working import Done
    from policyeval.streams.writing import Outputs

UNFINISHED: Final = 4
"""The exit status of a run that ended before the last line."""

MOST_WORKERS: Final = 64
STANDARD: Final = "-"

_ONLY_HERE: Final = (
    "output",
    "rejected",
    "workers",
    "resume",
    "overwrite",
    "texts",
    "keep_text",
)


def describe(parser: argparse.ArgumentParser, language: str) -> None:
    """Say what the options take."""
    group = parser.add_argument_group(message("many transactions").text(language))
    file = message("FILE").text(language)
    group.add_argument(
        "--input",
        metavar=file,
        help=message(
            "decide every line of a file of JSON lines; `-` is standard input (see `docs/streams.md`)"
        ).text(language),
    )
    group.add_argument(
        "--output",
        metavar=file,
        help=message("where the answers go, one to a line; standard output if left out").text(
            language
        ),
    )
    group.add_argument(
        "--rejected",
        metavar=file,
        help=message(
            "where lines go that cannot be decided, with number and reason; otherwise beside the output"
        ).text(language),
    )

    def number(text: str) -> int:
        if text == "auto":
            return 0
        if text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= MOST_WORKERS:
            return int(text)
        refused = message(
            "`{text}` is neither `auto` nor a number from 1 to {most}",
            text=text[:80],
            most=MOST_WORKERS,
        )
        raise argparse.ArgumentTypeError(refused.text(language))

    group.add_argument(
        "--workers",
        type=number,
        metavar=message("NUMBER").text(language),
        help=message(
            "how many processes decide: one if left out; `auto` is one per processor"
        ).text(language),
    )
    group.add_argument(
        "--resume",
        action="store_true",
        help=message("go on where an interrupted run has left off, if there was one").text(
            language
        ),
    )
    group.add_argument(
        "--overwrite",
        action="store_true",
        help=message("begin anew, whatever the files hold").text(language),
    )
    group.add_argument(
        "--texts",
        action="store_true",
        help=message("write answers with all their texts, in your language").text(language),
    )
    group.add_argument(
        "--keep-text",
        action="store_true",
        help=message("repeat each rejected line among the rejected ones").text(language),
    )


def wrong_with(options: argparse.Namespace) -> Message | None:
    """Say what is wrong with the options, if anything is."""
    if options.input is None:
        for name in _ONLY_HERE:
            if options.__dict__[name]:
                option = f"--{name.replace('_', '-')}"
                return message("`{option}` goes with `{other}`", option=option, other="--input")
        if options.facts is None:
            return message("either `{facts}` or `--input` is wanted", facts=message("FACTS.json"))
        return None
    if options.facts is not None:
        return message(
            "either `{facts}` or `--input` can be given, not both", facts=message("FACTS.json")
        )
    if options.format is not None:
        return message(
            "`--format` does not go with `--input`: the answers are JSON, one to a line; `--texts` "
            "adds their texts"
        )
    if options.resume and options.overwrite:
        return message("either `--resume` or `--overwrite` can be given, not both")
    if options.resume and options.output in {None, STANDARD}:
        return message("only what goes to a file can be resumed: `--resume` goes with `--output`")
    if options.rejected == STANDARD:
        return message("`--rejected` wants a file")
    return _same_files(options)


def _same_files(options: argparse.Namespace) -> Message | None:
    named = {
        "--input": options.input,
        "--output": options.output or STANDARD,
        "--rejected": str(rejected_path(options)),
    }
    if named["--output"] != STANDARD:
        # What says how far the run has come is written beside the output.
        state = f"{options.output}.state"
        named[state] = state
    files = [(option, Path(each)) for option, each in named.items() if each != STANDARD]
    for (one, first), (other, second) in combinations(files, 2):
        if _is_same(first, second):
            return message(
                "`{one}` and `{other}` are the same file: `{file}`",
                one=one,
                other=other,
                file=second,
            )
    return None


def _is_same(first: Path, second: Path) -> bool:
    try:
        # Two may well be the device that forgets everything.
        return first.samefile(second) and first.is_file()
    except (OSError, ValueError):
        return os.path.abspath(first) == os.path.abspath(second)  # noqa: PTH100  # of what may not exist


def rejected_path(options: argparse.Namespace) -> Path:
    """Give the file of rejected lines: as named, beside the output, or here."""
    if options.rejected is not None:
        return Path(options.rejected)
    output = Path(options.output or STANDARD)
    if str(output) == STANDARD or not output.name or _is_device(output):
        return Path("rejected.jsonl")
    return output.with_name(f"{output.stem}.rejected.jsonl")


def _is_device(path: Path) -> bool:
    """Tell whether something is there that is neither a file nor a folder, such as a pipe."""
    try:
        return path.exists() and not path.is_file() and not path.is_dir()
    except (OSError, ValueError):
        return False


# ------------------------------------------------------------------------------- the run


def run(options: argparse.Namespace, asked_on: dt.date | None, known_on: dt.date | None) -> int:
    """Do it."""
    from policyeval.errors import PolicyError, UnsupportedError
    from policyeval.streams.model import StreamError
    from policyeval.streams.opening import opened

    language: str = options.language
    try:
        with opened(options.input) as given:
            return _Run(options, given, asked_on, known_on).status()
    except StreamError as error:
        return _complain(error, language)
    except (PolicyError, UnsupportedError) as error:
        tell(error.render(language))
        return USAGE


def _complain(error: "StreamError", language: str) -> int:
    complain(error.text, language, USAGE)
    if error.help is not None:
        tell(f"   {message('help').text(language)}: {error.help.text(language)}")
    return UNFINISHED if error.begun else USAGE


class _Run:
    """A run, from what is asked to the exit status."""

    def __init__(
        self,
        options: argparse.Namespace,
        given: "Input",
        asked_on: dt.date | None,
        known_on: dt.date | None,
    ) -> None:
        from policyeval.cli.chosen import policies_of

        self.options = options
        self.language: str = options.language
        self.given = given
        self.policies: PolicySet = policies_of(options)
        self.question = self._question(asked_on or self._day_before(), known_on)
        if asked_on is None:
            note = message(
                "lines that give no day themselves are asked on {day}, since no day was given",
                day=self.question.asked_on.isoformat(),
            )
            tell(note.text(self.language))

    def _question(self, asked_on: dt.date, known_on: dt.date | None) -> "Question":
        from policyeval.streams.deciding import Question

        wanted = self.options.decision
        return Question(
            self.options.programme,
            asked_on,
            known_on,
            tuple(self.options.overlay),
            None if wanted is None else tuple(wanted),
            self.language if self.options.texts else None,
        )

    def _day_before(self) -> dt.date:
        """Give the day that a run which is resumed was asked on, or today."""
        from policyeval.streams.resuming import read_state
        from policyeval.streams.writing import state_path

        if self.options.resume:
            try:
                state = read_state(state_path(Path(self.options.output)))
                if state is not None:
                    return dt.date.fromisoformat(str(state.identity.get("--asked-on")))
            except (OSError, ValueError):
                pass  # it is said when the run is to begin
        return dt.date.today()  # noqa: DTZ011, TID251 - a command may: evaluation is told

    def status(self) -> int:
        from policyeval.streams.deciding import Decider
        from policyeval.streams.results import Wording
        from policyeval.streams.writing import begin

        options = self.options
        decider = Decider(self.policies, self.question)
        wording = Wording(self.language, options.keep_text)
        rejected = rejected_path(options)
        outputs = begin(
            _standard_output() if options.output in {None, STANDARD} else Path(options.output),
            rejected,
            self._identity(rejected),
            resume=options.resume,
            overwrite=options.overwrite,
        )
        try:
            return self._all_lines(decider, wording, outputs)
        finally:
            outputs.close()

    def _identity(self, rejected: Path) -> dict[str, object]:
        """Give what must be the same when the run is resumed."""
        from policyeval.evaluator.compiled import ENGINE
        from policyeval.streams.policies import digest_of

        asked = self.question
        folder = Path(self.options.output or STANDARD).parent
        return {
            "PROGRAMME": asked.programme,
            "--asked-on": asked.asked_on.isoformat(),
            "--known-on": None if asked.known_on is None else asked.known_on.isoformat(),
            "--decision": None if asked.decisions is None else list(asked.decisions),
            "--overlay": list(asked.overlays),
            "--texts": self.options.texts,
            "--keep-text": self.options.keep_text,
            "--lang": self.language,
            "--rejected": os.path.relpath(rejected, folder),
            "policies": digest_of(self.policies, asked.programme),
            "engine": ENGINE,
        }

    def _all_lines(self, decider: "Decider", wording: "Wording", outputs: "Outputs") -> int:
        from policyeval.errors import DiagnosedError
        from policyeval.streams.model import StreamError
        from policyeval.streams.reading import Reader

        try:
            reader = Reader(self.given.read, self.given.ready)
            if outputs.place.line:
                text = message("going on after line {line}", line=outputs.place.line)
                tell(text.text(self.language))
                reader.skip_to(outputs.place.mark)
            self._write(self._decided(decider, wording, reader), outputs)
            outputs.finish()
        except KeyboardInterrupt:
            outputs.leave_off()
            tell(_interrupted(outputs).text(self.language))
            return INTERRUPTED
        except (DiagnosedError, StreamError) as error:
            outputs.leave_off()
            if self.options.output in {None, STANDARD}:
                give_up_writing()  # what is left of a batch cannot be written at the end either
            if isinstance(error, DiagnosedError):
                tell(error.render(self.language))
            elif error.begun:
                _complain(error, self.language)
            else:
                raise
            tell(_interrupted(outputs).text(self.language))
            return UNFINISHED
        tell(self._summary(outputs).text(self.language))
        return FINDINGS if outputs.place.refused else FINE

    def _decided(
        self, decider: "Decider", wording: "Wording", reader: "Reader"
    ) -> "Iterator[Done]":
        from policyeval.streams import working

        workers = self.options.workers
        processes = 1 if workers is None else workers or min(processors(), MOST_WORKERS)
        if processes == 1:
            return working.here(decider, wording, reader)
        task = working.task_of(self.policies, self.question, wording)
        return working.elsewhere(task, reader, processes)

    def _write(self, results: "Iterator[Done]", outputs: "Outputs") -> None:
        size = self.given.size
        before = outputs.place
        with amount(
            message("deciding"),
            size,
            self.language,
            unit=message("lines"),
            begun=before.line if size is None else before.input,
        ) as report:
            for batch, found in results:
                outputs.write(batch, found)
                report(batch.end.line if size is None else batch.end.offset)

    def _summary(self, outputs: "Outputs") -> Message:
        place = outputs.place
        if not place.refused:
            return message("decided: {decided}, rejected: none", decided=place.decided)
        return message(
            "decided: {decided}, rejected: {rejected} (see `{file}`)",
            decided=place.decided,
            rejected=place.refused,
            file=rejected_path(self.options),
        )


def _interrupted(outputs: "Outputs") -> Message:
    line = outputs.place.line
    if outputs.resumable:
        return message("interrupted after line {line}; `--resume` goes on from there", line=line)
    return message("interrupted after line {line}", line=line)


def _standard_output() -> BinaryIO:
    from policyeval.streams.model import StreamError

    if sys.stdout is None:
        raise StreamError(message("the answer cannot be written"))
    return sys.stdout.buffer
