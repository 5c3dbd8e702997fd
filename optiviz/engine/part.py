"""What optimizers, surfaces, schedules and gradients share: a frozen dataclass of knobs.

A knob is declared once, as a dataclass field made by :func:`knob`. That one declaration gives
its range, symbol, help text, editor, file format and tests.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from numbers import Real
from typing import Any, ClassVar, Literal, Self

from optiviz.engine import told_values
from optiviz.engine.digits import rounded
from optiviz.engine.words import Refusal

Scale = Literal["linear", "log", "toward_one"]
KnobValue = float | int | bool | str

#: A text knob has no more letters than this.
MAX_TEXT = 400


class PartError(Refusal):
    """A knob was given a value outside what it allows.

    Attributes:
        knob: the field's name, so that an editor can show the sentence where it belongs.
    """

    def __init__(self, knob: str, clause: str) -> None:
        super().__init__(clause)
        self.knob = knob


def finite(value: object) -> float | None:
    """Give a value as a finite float, or ``None`` where it is none."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return None
    try:
        number = float(value)
    except OverflowError:  # an int from a file may have any number of digits
        return None
    return number if math.isfinite(number) else None


@dataclass(frozen=True)
class Knob:
    """One setting of a part: what it means and which values it allows.

    Attributes:
        name: the dataclass field's name.
        symbol: the field's standard symbol, as in the formulas (``ε``, ``β₁``).
        label: the name in words.
        help: one sentence that says what it does.
        default: its value when nothing is said.
        low, high: the least and greatest value allowed; both belong to the range.
        scale: how a slider spaces the values; ``toward_one`` gives half of its travel to
            0.9 … 0.999.
        travel: the values at the slider's two ends, inside ``low`` and ``high``.
        integer: whether only whole numbers are allowed.
        choices: the values allowed, where a list has them all; a text without is free.
        unit: what the number counts, where it has a unit.
        minor: whether it stays folded away until somebody asks for all knobs.
    """

    name: str
    symbol: str
    label: str
    help: str
    default: KnobValue
    low: float = -math.inf
    high: float = math.inf
    scale: Scale = "linear"
    travel: tuple[float, float] = (0.0, 1.0)
    integer: bool = False
    choices: tuple[str, ...] = ()
    unit: str = ""
    minor: bool = False

    @property
    def kind(self) -> Literal["number", "switch", "choice", "text"]:
        """Which editor fits: a number with a slider, an on/off switch, a list, or a line of text.

        A text is the name of something, or a list of numbers; its part says what is allowed.
        """
        if self.choices:
            return "choice"
        if isinstance(self.default, str):
            return "text"
        return "switch" if isinstance(self.default, bool) else "number"

    @property
    def allowed(self) -> str:
        """What the knob allows, as the end of a sentence: ``a number from 0 to 0.999``."""
        if self.kind == "choice":
            return "one of " + ", ".join(self.choices)
        if self.kind == "switch":
            return "on or off"
        if self.kind == "text":
            return f"one line of 1 to {MAX_TEXT} letters"
        noun = "a whole number" if self.integer else "a number"
        return f"{noun} from {rounded(self.low, 12)} to {rounded(self.high, 12)}"

    def check(self, value: object) -> KnobValue:
        """Return the value in the knob's own type, or raise :class:`PartError`."""
        if self.kind == "choice":
            if isinstance(value, str) and value in self.choices:
                return value
        elif self.kind == "switch":
            if isinstance(value, bool):
                return value
        elif self.kind == "text":
            if isinstance(value, str) and 0 < len(value) <= MAX_TEXT and value.isprintable():
                return value
        else:
            number = self._number(value)
            if number is not None:
                return number
        raise PartError(self.name, f"{self.label} must be {self.allowed}; {self._wrong(value)}")

    def _wrong(self, value: object) -> str:
        """Say what is wrong with a value that is refused."""
        if self.kind == "choice":
            return told_values.wrong_choice(value)
        if self.kind == "switch":
            return told_values.wrong_switch(value)
        if self.kind == "text":
            return told_values.wrong_text(value, MAX_TEXT)
        return told_values.wrong_number(value, self.low, self.high)

    def _number(self, value: object) -> float | int | None:
        number = finite(value)
        if number is None or not self.low <= number <= self.high:
            return None
        if not self.integer:
            return number
        return int(number) if number == int(number) else None


def knob(
    default: KnobValue,
    *,
    symbol: str,
    label: str,
    help: str,  # noqa: A002 - the word that users read
    low: float = -math.inf,
    high: float = math.inf,
    scale: Scale = "linear",
    travel: tuple[float, float] | None = None,
    integer: bool = False,
    choices: tuple[str, ...] = (),
    unit: str = "",
    minor: bool = False,
) -> Any:
    """Declare a knob as a dataclass field. See :class:`Knob` for the arguments."""
    about = {
        "symbol": symbol,
        "label": label,
        "help": help,
        "low": low,
        "high": high,
        "scale": scale,
        "travel": travel or (low, high),
        "integer": integer,
        "choices": choices,
        "unit": unit,
        "minor": minor,
    }
    return field(default=default, metadata={"knob": about})


@dataclass(frozen=True)
class Part:
    """A choice with settings: an optimizer, a surface, a schedule or a gradient.

    Subclasses are frozen dataclasses whose fields are made by :func:`knob`; they hold no arrays,
    so they can be compared, hashed and sent to another thread.

    Raises:
        PartError: a knob is out of its range, or of another type.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str]
    formula: ClassVar[str]  # LaTeX

    def __post_init__(self) -> None:
        for spec in self.knobs():
            object.__setattr__(self, spec.name, spec.check(getattr(self, spec.name)))

    @classmethod
    def knobs(cls) -> tuple[Knob, ...]:
        """Describe the knobs, in the order in which they are declared."""
        return tuple(
            Knob(name=item.name, **{"default": item.default, **item.metadata["knob"]})
            for item in fields(cls)
            if "knob" in item.metadata
        )

    @classmethod
    def formulas(cls) -> tuple[str, ...]:
        """List the formula in every form that settings can give it, LaTeX each."""
        return (cls.formula,)

    @classmethod
    def knob(cls, name: str) -> Knob:
        """Find one knob by its name; ``KeyError`` names those that there are."""
        for spec in cls.knobs():
            if spec.name == name:
                return spec
        known = ", ".join(spec.name for spec in cls.knobs()) or "none"
        raise KeyError(f"{cls.title} has no knob {name!r}; its knobs are: {known}")

    def settings(self) -> dict[str, KnobValue]:
        """List the knobs' values by name."""
        return {spec.name: getattr(self, spec.name) for spec in self.knobs()}

    def with_knob(self, name: str, value: object) -> Self:
        """Copy the part with one knob changed."""
        return type(self)(**{**self.settings(), self.knob(name).name: value})


def table(*parts: type[Any]) -> dict[str, type[Any]]:
    """Build a plain table of parts by their keys, in the order given."""
    return {part.key: part for part in parts}
