"""What every command line here shares: the reader's language, argparse's words, broken streams."""

import gettext
import io
import locale
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from policyeval.messages import DOMAIN, Message, language_of, message

_LOCALES = Path(__file__).parent / "locales"


def chosen_language(arguments: Sequence[str]) -> str:
    """Choose the reader's language: `--lang`, `POLICYEVAL_LANG`, then the system's.

    It is needed before the arguments are read, since reading them may complain. What names no
    language that there is here (`--lang xx`) is passed over; that it is wrong is said later.
    """
    chosen = None
    for index, argument in enumerate(arguments):
        if argument == "--lang":
            chosen = next(iter(arguments[index + 1 :]), None)
        elif argument.startswith("--lang="):
            chosen = argument.partition("=")[2]
    for each in (chosen, os.environ.get("POLICYEVAL_LANG")):
        if each and is_known(each):
            return language_of(each)
    system = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), None)
    return language_of(system or locale.getlocale()[0])


def is_known(tag: str) -> bool:
    """Tell whether a tag such as `de-CH` is of a language that there is here."""
    return language_of(tag) != "en" or tag.partition("_")[0].partition("-")[0] == "en"


@contextmanager
def argparse_in(language: str) -> Iterator[None]:
    """Let argparse, which asks gettext for its words, find them in our catalogues."""
    domain, chosen = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(_LOCALES))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if chosen is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = chosen


def tolerate_any_character() -> None:
    """Let a terminal that cannot show a character show its number; nothing fails for that."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def give_up_writing() -> None:
    """Let what is left in the buffer go nowhere, where it cannot fail again at the very end."""
    with suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def answer(text: str) -> None:
    """Print to standard output at once; what cannot be written is known before the program ends.

    Raises:
        OSError: Standard output is closed, full, or its reader has gone (`BrokenPipeError`).
    """
    if sys.stdout is None:
        raise OSError("closed")
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def tell(text: str) -> None:
    """Print to standard error; with none open, to nowhere, and not among the answers."""
    if sys.stderr is not None:
        print(text, file=sys.stderr)


def complain(text: Message, language: str, status: int) -> int:
    """Say what is wrong on standard error, and give the exit status."""
    tell(f"{message('error').text(language)}: {text.text(language)}")
    return status
