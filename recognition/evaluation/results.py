"""What an evaluation found, in the one form that the API, the dashboard and the command show."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

VERSION = 1


@dataclass(frozen=True, slots=True)
class Rate:
    """A share in [0, 1] with its 95 % confidence interval; ``trials`` is what it is a share of."""

    value: float
    low: float
    high: float
    trials: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """``truth`` was taken for ``answer`` so many times, as a ``share`` of all known queries; both
    are names of categories.
    """

    truth: str
    answer: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class CategoryAccuracy:
    """The number of a category's own queries, and how many of them found it first."""

    category: str
    right: int
    trials: int


@dataclass(frozen=True, slots=True)
class Identification:
    """1:N with every query's category enrolled: the right one is first, or among the first five,
    whatever the threshold. The worst ``categories`` and most frequent ``confusions`` first.
    """

    top1: Rate
    top5: Rate
    confusions: tuple[Confusion, ...]
    categories: tuple[CategoryAccuracy, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """1:1 with thresholds chosen in hindsight: where both errors are as frequent, and the true
    accepts at a false-accept rate of ``tar_far``.
    """

    eer: float
    tar: Rate
    tar_far: float


@dataclass(frozen=True, slots=True)
class OpenSet:
    """1:N where half of what is asked may be unknown, with thresholds chosen in hindsight: known
    queries missed at a false-positive identification rate of ``fnir_fpir``, and the area under
    the ROC curve of best scores.
    """

    auroc: float
    fnir: Rate
    fnir_fpir: float


@dataclass(frozen=True, slots=True)
class PassedAtRate:
    """The share of unknown queries that are matched, and of false claims that are accepted, at the
    thresholds that the service sets for a false-accept ``rate``.
    """

    rate: float
    fpir: Rate
    far: Rate


@dataclass(frozen=True, slots=True)
class Promise:
    """The errors that were measured at the thresholds that the service set beforehand, for the
    target rate. Null where nothing could be asked; ``supported`` is whether the thresholds could
    be founded on enough impostor scores.

    ``aim`` is the share of unknown queries that may be matched; it differs from ``target`` where
    the thresholds have been set by an earlier measurement. ``rates`` are the same errors at other
    targets, by rising rate. Where the measured FPIR contradicts the aim, ``advised`` is the largest
    target at which neither the FPIR nor the FAR was above it.
    """

    target: float
    supported: bool
    far: Rate | None
    frr: Rate | None
    fpir: Rate | None
    fnir: Rate | None
    aim: float
    advised: float | None = None
    rates: tuple[PassedAtRate, ...] = ()


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    confidence: float
    accuracy: float
    count: int


@dataclass(frozen=True, slots=True)
class Confidence:
    """Confidence in the best category against how often it was right, as many unknown queries as
    known ones; ``calibrated`` is what the service itself says of it.
    """

    ece: float
    calibrated: bool
    bins: tuple[ReliabilityBin, ...]


@dataclass(frozen=True, slots=True)
class DetPoint:
    """The error rates of accepting scores at or above ``threshold``."""

    threshold: float
    far: float
    frr: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Shares of genuine and of impostor scores between ``edges`` (one more than there are bars);
    ``threshold`` is the score that verification asks for.
    """

    edges: tuple[float, ...]
    genuine: tuple[float, ...]
    impostor: tuple[float, ...]
    threshold: float


@dataclass(frozen=True, slots=True)
class Note:
    """A thing that an evaluation could not say, and why; ``code`` is stable."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Results:
    """``categories``, ``references`` and ``prompts`` are what was enrolled; ``known`` and
    ``unknown`` how many queries were asked whose category was, and was not; ``comparisons`` how
    many impostor comparisons they made. Parts are null where they could not be measured, and
    ``notes`` say why.
    """

    categories: int
    references: int
    prompts: int
    known: int
    unknown: int
    comparisons: int
    promise: Promise
    identification: Identification | None = None
    verification: Verification | None = None
    open_set: OpenSet | None = None
    confidence: Confidence | None = None
    det: tuple[DetPoint, ...] = ()
    scores: Histogram | None = None
    notes: tuple[Note, ...] = ()
    version: int = VERSION

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
