"""Pictures of an evaluation: the DET curve, reliability, and the scores of both kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.management.base import CommandError
from scipy import special

from recognition.evaluation.results import Results
from recognition.management.evaluation.measuring import Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TICKS = (0.001, 0.01, 0.05, 0.2, 0.5, 0.8)
GENUINE, IMPOSTOR = "#0f766e", "#b45309"
LEAST = 1e-4

Draw = Callable[["Axes", Results], None]


def write_pictures(reports: Sequence[Report], folder: Path) -> Iterator[Path]:
    """One PNG a picture; raises CommandError where matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise CommandError("Pictures need matplotlib: pip install matplotlib.") from None
    folder.mkdir(parents=True, exist_ok=True)
    for name, results in (each for part in reports for each in part.drawn):
        for what, draw in PICTURES.items():
            if not _has(what, results):
                continue
            figure = Figure(figsize=(5.0, 4.0), dpi=144, layout="constrained")
            axes = figure.add_subplot()
            draw(axes, results)
            axes.set_title(f"{name}: {what}", loc="left", fontsize=10)
            axes.spines[["top", "right"]].set_visible(False)
            path = folder / f"{name}-{what}.png"
            figure.savefig(path)
            yield path


def _has(what: str, results: Results) -> bool:
    parts = {"det": results.det, "reliability": results.confidence, "scores": results.scores}
    return bool(parts[what])


def _det(axes: Axes, results: Results) -> None:
    """Both errors on normal deviate axes (Martin et al. 1997), with the equal error rate."""
    far = [_deviate(point.far) for point in results.det]
    frr = [_deviate(point.frr) for point in results.det]
    axes.plot(far, frr, color=GENUINE, linewidth=2)
    ends = [_deviate(LEAST * 5), _deviate(0.9)]
    axes.plot(ends, ends, color="#94a3b8", linewidth=1, linestyle=":")
    promise = results.promise
    if promise.far and promise.frr:
        at = ([_deviate(promise.far.value)], [_deviate(promise.frr.value)])
        axes.plot(*at, "o", color=IMPOSTOR, label=f"promised {promise.target:.1%}")
        axes.legend(frameon=False, fontsize=9)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks([_deviate(tick) for tick in TICKS], [f"{tick:.3g}" for tick in TICKS])
    axes.set(xlim=ends, ylim=ends, xlabel="False accepts", ylabel="False rejects")


def _reliability(axes: Axes, results: Results) -> None:
    confidence = results.confidence
    if confidence is None:
        return
    bins = confidence.bins
    axes.plot([0, 1], [0, 1], color="#94a3b8", linewidth=1, linestyle=":")
    axes.plot(
        [each.confidence for each in bins],
        [each.accuracy for each in bins],
        "o-",
        color=GENUINE,
        linewidth=2,
        label=f"ECE {confidence.ece:.3f}" + ("" if confidence.calibrated else ", uncalibrated"),
    )
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="Confidence", ylabel="How often it was right")
    axes.legend(frameon=False, fontsize=9)


def _scores(axes: Axes, results: Results) -> None:
    scores = results.scores
    if scores is None:
        return
    for shares, color, name in (
        (scores.impostor, IMPOSTOR, "impostor"),
        (scores.genuine, GENUINE, "genuine"),
    ):
        axes.stairs(shares, scores.edges, fill=True, alpha=0.45, color=color, label=name)
    target = results.promise.target
    axes.axvline(scores.threshold, color="#334155", linewidth=1, label=f"FAR {target:.1%}")
    axes.set(xlabel="Score (normal deviates)", ylabel="Share")
    axes.legend(frameon=False, fontsize=9)


PICTURES: dict[str, Draw] = {"det": _det, "reliability": _reliability, "scores": _scores}


def _deviate(rate: float) -> float:
    return float(special.ndtri(min(max(rate, LEAST), 1 - LEAST)))
