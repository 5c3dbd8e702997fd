"""The knobs that several schedules share."""

from __future__ import annotations

from typing import Any

from optiviz.engine.part import knob

#: The least and the greatest number of epochs that a knob may hold.
SHORTEST, LONGEST = 0.01, 100_000.0


def warmup_epochs() -> Any:
    """Declare the epochs of warmup, in which ε climbs to where the schedule begins."""
    return knob(
        0.0,
        symbol="W",
        label="warmup",
        help="Epochs in which ε climbs, from a hundredth of where the schedule begins.",
        low=0.0,
        high=LONGEST,
        travel=(0.0, 50.0),
        unit="epochs",
    )


def end_factor(default: float = 0.0) -> Any:
    """Declare α, the share of ε that is left in the end (torch's ``eta_min`` is αε)."""
    return knob(
        default,
        symbol="α",
        label="end α",
        help="What is left of ε in the end, as a share of it: the rate ends at αε.",
        low=0.0,
        high=1.0,
    )


def drop_factor(default: float, help_text: str, travel: tuple[float, float]) -> Any:
    """Declare γ, the factor that is applied again and again."""
    return knob(
        default,
        symbol="γ",
        label="decay factor γ",
        help=help_text,
        low=0.0,
        high=1.0,
        travel=travel,
    )


def epochs_of(default: float, symbol: str, label: str, help_text: str) -> Any:
    """Declare a length of time above 0, in epochs."""
    return knob(
        default,
        symbol=symbol,
        label=label,
        help=help_text,
        low=SHORTEST,
        high=LONGEST,
        scale="log",
        travel=(1.0, 100.0),
        unit="epochs",
    )
