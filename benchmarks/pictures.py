"""Pictures of what `benchmarks.transactions` has found, as SVG that can be read on light and dark pages."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.transactions import speed
from benchmarks.transactions.results import Results

GREY, BLUE, ORANGE, GREEN = "#808890", "#3d85c6", "#e07b39", "#4f9d69"
STYLE: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": GREY,
    "axes.grid": True,
    "axes.labelcolor": GREY,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": GREY,
    "axes.titlesize": 11,
    "font.family": "sans-serif",
    "font.size": 10,
    "grid.alpha": 0.3,
    "grid.color": GREY,
    "legend.frameon": False,
    "legend.labelcolor": GREY,
    "svg.fonttype": "none",
    "svg.hashsalt": "policyeval",
    "text.color": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
}
PROGRAMMES = {"referral": "made-up referral", "ibas": "Swedish terms", "kaspersky": "German notice"}


def draw(found: Results, folder: Path, names: Collection[str] | None = None) -> None:
    """Draw pictures into a folder, all or some; the same results give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _PICTURES if names is None else names:
        with mpl.rc_context(STYLE):
            figure = Figure(figsize=(7.2, 3.4), layout="constrained")
            axes = figure.add_subplot()
            _PICTURES[name](found, axes)
            axes.set_title(f"{axes.get_title()} ({found.machine})")
            figure.savefig(
                folder / f"{name}.svg",
                transparent=True,
                metadata={"Date": None, "Creator": None},
            )


def _ratios(found: Results, axes: Axes) -> None:
    """Draw the ratios to hand-written code that have a target, with the targets."""
    kinds = [(speed.DICT, BLUE), (speed.JSON, ORANGE)]
    for index, (what, colour) in enumerate(kinds):
        rows = [each for each in found.rows if each.what == what]
        places = [place + (index - 0.5) * 0.36 for place in range(len(rows))]
        bars = axes.bar(places, [each.ratio for each in rows], 0.32, color=colour, label=what)
        axes.bar_label(bars, fmt="%.2f", color=GREY)
        target = rows[0].target
        if target is not None:
            axes.axhline(target, color=colour, linestyle="--", linewidth=1)
    axes.set_xticks(range(len(PROGRAMMES)), list(PROGRAMMES.values()))
    axes.axhline(1, color=GREY, linewidth=0.8)
    axes.set_ylabel("times hand-written code")
    axes.set_title("Complete transactions; dashed: targets")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))


def _times(found: Results, axes: Axes) -> None:
    """Draw microseconds for a transaction: by hand, ours, and where something is open."""
    shown = [each for each in found.rows if each.what == speed.DICT]
    kinds: list[tuple[str, str, Sequence[float]]] = [
        ("by hand", GREY, [each.by_hand for each in shown]),
        ("complete", BLUE, [each.fast for each in found.slow]),
        ("something open", ORANGE, [each.slow for each in found.slow]),
    ]
    for index, (label, colour, values) in enumerate(kinds):
        places = [place + (index - 1) * 0.27 for place in range(len(values))]
        bars = axes.bar(places, values, 0.25, color=colour, label=label)
        axes.bar_label(bars, fmt="{:,.0f}", color=GREY)
    axes.set_yscale("log")
    axes.set_xticks(range(len(PROGRAMMES)), list(PROGRAMMES.values()))
    axes.set_ylabel("microseconds for a transaction")
    axes.set_title("Fast and slow path")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))


def _loading(found: Results, axes: Axes) -> None:
    counts = [each.programmes for each in found.loaded]
    axes.plot(counts, [each.cold for each in found.loaded], "o-", color=BLUE, label="cold")
    warm = [(each.programmes, each.warm) for each in found.loaded if each.warm is not None]
    axes.plot([x for x, _ in warm], [y for _, y in warm], "o-", color=ORANGE, label="warm")
    each = (found.loaded[-1].cold - found.loaded[0].cold) / (counts[-1] - counts[0])
    straight = [found.loaded[0].cold + (count - counts[0]) * each for count in counts]
    axes.plot(counts, straight, "--", color=GREY, linewidth=1, label="linear")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("programmes")
    axes.set_ylabel("CPU seconds")
    axes.set_title("Loading programmes")
    axes.legend()


def _memory(found: Results, axes: Axes) -> None:
    counts = [each.programmes for each in found.loaded]
    read = [each.read / 1024 for each in found.loaded]
    axes.plot(counts, read, "o-", color=BLUE, label="loaded")
    ready = [
        (each.programmes, each.ready / 1024) for each in found.loaded if each.ready is not None
    ]
    axes.plot([x for x, _ in ready], [y for _, y in ready], "o-", color=ORANGE, label="ready")
    axes.set_xlabel("programmes")
    axes.set_ylabel("MiB that they keep")
    axes.set_title("Memory of loaded programmes")
    axes.legend()


def _rates(found: Results, axes: Axes) -> None:
    kinds = [("thread", 1, BLUE), ("thread", 2, "#9dc3e6"), ("process", 1, ORANGE)]
    for index, (of, workers, colour) in enumerate([*kinds, ("process", 2, "#f2b98f")]):
        chosen = [each for each in found.rates if (each.of, each.workers) == (of, workers)]
        label = f"{workers} {of}" + ("" if workers == 1 else "es" if of == "process" else "s")
        places = [place + (index - 1.5) * 0.2 for place in range(len(chosen))]
        axes.bar(places, [each.per_second for each in chosen], 0.18, color=colour, label=label)
    axes.set_xticks(range(len(PROGRAMMES)), list(PROGRAMMES.values()))
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_ylabel("evaluations a second")
    axes.set_title("Threads and processes")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))


def _rules(found: Results, axes: Axes) -> None:
    counts = [each.rules for each in found.grown]
    axes.plot(
        counts, [each.microseconds for each in found.grown], "o-", color=BLUE, label="measured"
    )
    first, last = found.grown[0], found.grown[-1]
    each = (last.microseconds - first.microseconds) / (last.rules - first.rules)
    straight = [first.microseconds + (count - first.rules) * each for count in counts]
    axes.plot(counts, straight, "--", color=GREY, linewidth=1, label="linear")
    axes.set_xlabel("rules")
    axes.set_ylabel("microseconds for a transaction")
    axes.set_ylim(bottom=0)
    axes.set_title("Cost of more rules")
    axes.legend()


_PICTURES: dict[str, Callable[[Results, Axes], None]] = {
    "ratios": _ratios,
    "times": _times,
    "loading": _loading,
    "memory": _memory,
    "threads-and-processes": _rates,
    "rules": _rules,
}
