"""The documents' formulas, evaluated as they are printed: ``ε(α + (1 − α)(1 + cos(πt/T))/2)``.

A product needs no sign and binds more tightly than a quotient, as it does on paper: a/2π is
a / (2π). A function without brackets takes the product that follows: sin 2πx.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Names = Mapping[str, Any]

FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{
        "sin": np.sin,
        "cos": np.cos,
        "tanh": np.tanh,
        "ln": np.log,
        "sign": np.sign,
        "max": np.maximum,
    },
    "√": np.sqrt,
}
_CLOSES = {"(": ")", "|": "|", "⌊": "⌋"}
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[ᵗᵖⁿ])"
    r"|(?P<name>sin|cos|tanh|ln|sign|max|[^\W\d_][̂̃]?[₀-₉ₜ₊∞₋ᵢ]*′?)"
    r"|(?P<sign>[-+−·/^(),|⌊⌋√½Σ]))"
)


def tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        assert match, f"{text[at:]!r} is no formula"
        assert match.lastgroup
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


class _Reader:
    """Goes through the tokens once and computes as it goes."""

    def __init__(self, text: str, names: Names) -> None:
        self.tokens, self.at, self.names = tokens(text), 0, names

    @property
    def next(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def took(self, *signs: str) -> str:
        """Take the next token if it is one of these; nothing otherwise."""
        sign = self.next
        if sign not in signs:
            return ""
        self.at += 1
        return sign

    def sum(self) -> Any:
        value = -self.quotient() if self.took("−", "-") else self.quotient()
        while sign := self.took("+", "−", "-"):
            value = value + self.quotient() if sign == "+" else value - self.quotient()
        return value

    def quotient(self) -> Any:
        value = self.product()
        while sign := self.took("/", "·"):
            value = value / self.product() if sign == "/" else value * self.product()
        return value

    def product(self) -> Any:
        value = self.factor()
        while self.next and self.next not in "+−-·/),|⌋^":
            value = value * self.factor()
        return value

    def factor(self) -> Any:
        if self.took("Σ"):  # over x and y, called u
            return self.summed()
        value = self.atom()
        while self.at < len(self.tokens) and self.tokens[self.at][0] == "power":
            power = self.took(self.next)
            known = {"ᵗ": "t", "ᵖ": "p", "ⁿ": "n"}
            value = value ** (
                self.names[known[power]] if power in known else int(power.translate(_DIGITS))
            )
        return value ** self.atom() if self.took("^") else value

    def summed(self) -> Any:
        begin, names, total = self.at, self.names, 0.0
        for name in ("x", "y"):
            self.at, self.names = begin, {**names, "u": names[name]}
            total = total + self.factor()
        self.names = names
        return total

    def atom(self) -> Any:
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return float(text)
        if text == "½":
            return 0.5
        if text in _CLOSES:
            inside = self.sum()
            assert self.took(_CLOSES[text])
            return {"(": inside, "|": abs(inside), "⌊": np.floor(inside)}[text]
        if text in FUNCTIONS or callable(self.names.get(text)):
            return self.called(FUNCTIONS.get(text) or self.names[text], text)
        return self.names[text]

    def called(self, function: Callable[..., Any], name: str) -> Any:
        if name == "√":
            return function(self.atom())
        if not self.took("("):
            return function(self.product())
        arguments = [self.sum()]
        while self.took(","):
            arguments.append(self.sum())
        assert self.took(")")
        return function(*arguments)


def value(formula: str, names: Names) -> Any:
    """Compute a formula from the values of its letters, numbers or arrays."""
    reader = _Reader(formula, {"π": np.pi, "e": np.e, **names})
    result = reader.sum()
    assert reader.at == len(reader.tokens), f"{formula!r} was read up to {reader.next!r} only"
    return result
