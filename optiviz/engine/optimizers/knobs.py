"""The knobs that several update rules share."""

from __future__ import annotations

from typing import Any

from optiviz.engine.part import knob


def rate(default: float) -> Any:
    """Declare the learning rate ε."""
    return knob(
        default,
        symbol="ε",
        label="learning rate ε",
        help="How far a step goes along the gradient.",
        low=1e-9,
        high=1e3,
        scale="log",
        travel=(1e-5, 10.0),
    )


def decay_rate(symbol: str, default: float, label: str, help_text: str) -> Any:
    """Declare a share of the past that is kept at each step, such as β or ρ."""
    return knob(
        default,
        symbol=symbol,
        label=f"{label} {symbol}",
        help=help_text,
        low=0.0,
        high=0.999999,
        scale="toward_one",
        travel=(0.0, 0.999),
    )


def momentum_rate() -> Any:
    """Declare β, the share of the velocity that is kept."""
    return decay_rate("β", 0.9, "momentum", "How much of the last velocity is kept.")


def momentum_form() -> Any:
    """Declare whose units the velocity has."""
    return knob(
        "chapter",
        symbol="form",
        label="form",
        help="Whether the velocity holds ε already (chapter, Keras) or not (PyTorch).",
        choices=("chapter", "pytorch"),
        minor=True,
    )


def small_constant(
    default: float = 1e-8,
    help_text: str = "Keeps the division finite where the gradient has been flat.",
    *,
    minor: bool = True,
) -> Any:
    """Declare δ, torch's ``eps``."""
    return knob(
        default,
        symbol="δ",
        label="small constant δ",
        help=help_text,
        low=1e-16,
        high=1.0,
        scale="log",
        travel=(1e-16, 1.0),
        minor=minor,
    )


def l2_decay() -> Any:
    """Declare λ, as L2 inside the gradient."""
    return _weight_decay(
        0.0, "Pulls the parameters toward 0: λθ is added to the gradient (L2).", True
    )


def decoupled_decay(default: float, *, minor: bool = False) -> Any:
    """Declare λ, beside the gradient: it shrinks θ by the factor 1 − ελ at each step."""
    return _weight_decay(default, "Shrinks the parameters by ελ at each step, whatever g.", minor)


def _weight_decay(default: float, help_text: str, minor: bool) -> Any:
    return knob(
        default,
        symbol="λ",
        label="weight decay λ",
        help=help_text,
        low=0.0,
        high=1.0,
        travel=(0.0, 0.5),
        minor=minor,
    )
