"""The false-accept rates that an evaluation answers for, beside the one that is set."""

from __future__ import annotations

RATES = (1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2)
"""Rates that a curator chooses among."""

_STEPS = (1.0, 1.2, 1.5, 1.8, 2.2, 2.7, 3.3, 3.9, 4.7, 5.6, 6.8, 8.2)
_MOST = 0.5

GRID = tuple(
    rate
    for decade in range(-6, 0)
    for step in _STEPS
    if (rate := float(f"{step}e{decade}")) <= _MOST
)
"""Rates among which advice is sought: twelve a decade, even in ratio (the E12 series of IEC 60063),
over all that a gallery may be set to."""


def asked_rates(far: float) -> tuple[float, ...]:
    """Return all of these and ``far``, rising."""
    return tuple(sorted({*RATES, *GRID, far}))
