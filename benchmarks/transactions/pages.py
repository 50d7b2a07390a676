"""Results as tables, and in `docs/performance.md`, between marks that name them."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.transactions import growing, loading
from benchmarks.transactions.results import Results
from benchmarks.transactions.speed import Row

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
PICTURES = PAGE.with_suffix("")
TITLES = {
    "referral": "made-up referral programme",
    "ibas": "`ibas-ontrack-partner`",
    "kaspersky": "`kaspersky-target-notification`",
}


def tables(found: Results) -> Mapping[str, str]:
    """Give the tables, in Markdown, by the name of their mark."""
    return {
        "machine": f"Measured on {found.machine}, {found.transactions:,} transactions of each programme.",
        "speed": _speed(found.rows),
        "slow": _slow(found),
        "loading": _loading(found),
        "rates": _rates(found),
        "rules": _rules(found),
        "shares": _shares(found),
    }


def renew(found: Results, page: Path = PAGE) -> None:
    """Put the tables in their places in the page.

    Raises:
        ValueError: The page has no place for one of them.
    """
    text = page.read_text(encoding="utf-8")
    for name, table in tables(found).items():
        begin, end = f"<!-- figures: {name} -->\n", "<!-- end of figures -->"
        place = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if not place.search(text):
            raise ValueError(f"{page}: no place for `{name}`")
        text = place.sub(lambda _, new=f"{begin}{table}\n{end}": new, text, count=1)  # type: ignore[misc]
    page.write_text(text, encoding="utf-8")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    line = "|".join(["---", *["--:"] * (len(head) - 1)])
    return "\n".join(
        [f"| {' | '.join(head)} |", f"|{line}|", *(f"| {' | '.join(each)} |" for each in rows)]
    )


def _speed(rows: Sequence[Row]) -> str:
    head = ["", "microseconds", "by hand", "ratio", "target"]
    lines: list[list[str]] = []
    programme = ""
    for each in rows:
        if each.programme != programme:
            programme = each.programme
            lines.append([f"**{TITLES[programme]}**", "", "", "", ""])
        target = "" if each.target is None else f"≤ {each.target:.1f}"
        times = [_number(each.microseconds), _number(each.by_hand)]
        lines.append([each.what, *times, f"{each.ratio:.2f}", target])
    return _table(head, lines)


def _slow(found: Results) -> str:
    head = [
        "",
        "complete",
        "explored",
        "something open",
        "nine in ten",
        "ratio",
        "target",
        "measured",
    ]
    return _table(
        head,
        [
            [
                TITLES[each.programme],
                f"{_number(each.fast)} µs",
                f"{each.complete * 100:.1f} %",
                f"{_number(each.slow)} µs",
                f"≤ {_number(each.slowest)} µs",
                f"{each.ratio:.0f}",
                f"≤ {each.target:.0f}",
                str(each.count),
            ]
            for each in found.slow
        ],
    )


def _loading(found: Results) -> str:
    head = ["programmes", "cold, s", "warm, s", "first answers, s", "loaded, MiB", "ready, MiB"]
    rows = [
        [
            f"{each.programmes:,}",
            f"{each.cold:.2f}",
            "–" if each.warm is None else f"{each.warm:.2f}",
            "–" if each.compiled is None else f"{each.compiled:.2f}",
            f"{each.read / 1024:.1f}",
            "–" if each.ready is None else f"{each.ready / 1024:.1f}",
        ]
        for each in found.loaded
    ]
    one, last = found.loaded[0], found.loaded[-1]
    more = last.programmes - one.programmes
    known = [each for each in found.loaded if each.ready is not None]
    ready = ((known[-1].ready or 0) - (one.ready or 0)) / (known[-1].programmes - one.programmes)
    return (
        f"{_table(head, rows)}\n\n"
        f"A programme takes {(last.cold - one.cold) / more * 1e3:.0f} ms more to load, and keeps "
        f"{(last.read - one.read) / more:.0f} KiB; once it has answered, {ready:.0f} KiB. Of the "
        f"larger numbers each takes {loading.slope(found.loaded):.2f} times as long as of the smaller "
        "(1 is linear)."
    )


def _rates(found: Results) -> str:
    head = ["evaluations a second", "1 thread", "2 threads", "1 process", "2 processes"]
    return _table(
        head,
        [
            [
                title,
                *(f"{each.per_second:,.0f}" for each in found.rates if each.programme == name),
            ]
            for name, title in TITLES.items()
        ],
    )


def _rules(found: Results) -> str:
    head = ["rules", "microseconds", "from file to first answer, s"]
    rows = [
        [f"{each.rules:,}", _number(each.microseconds), f"{each.compiled:.2f}"]
        for each in found.grown
    ]
    return (
        f"{_table(head, rows)}\n\nOf the larger numbers a rule costs "
        f"{growing.slope(found.grown):.2f} times as much as of the smaller (1 is linear)."
    )


def _shares(found: Results) -> str:
    lines: list[list[str]] = []
    for name, shares in found.shares.items():
        lines.append([f"**{TITLES[name]}**", "", ""])
        questions = dict.fromkeys(each.split()[0] for each in shares)
        for question in questions:
            verdicts: list[str] = []
            rules: list[str] = []
            for each, share in shares.items():
                if each.split()[0] == question:
                    what = each.split()[1]
                    told = f"{what} {share * 100:.1f}"
                    (verdicts if what.isupper() else rules).append(told)
            lines.append([question, ", ".join(verdicts), ", ".join(rules)])
    head = ["question", "verdicts, %", "rules that a NO is due to, %"]
    return _table(head, lines).replace("|---|--:|--:|", "|---|---|---|")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
