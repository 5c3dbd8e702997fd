"""The product that Adam's running powers are kept in, against exact fractions."""

from __future__ import annotations

from fractions import Fraction

import pytest

from optiviz.engine.optimizers.adam_kernels import times, upper


@pytest.mark.parametrize("factor", [0.9, 0.999, 0.9999999, 1.0 / 3.0, 0.5])
def test_a_running_power_is_the_power_to_twice_a_doubles_digits(factor: float) -> None:
    power, rest, exact = 1.0, 0.0, Fraction(1)
    for step in range(1, 500):
        power, rest = times(power, rest, factor, upper(factor))
        exact *= Fraction(factor)
        if exact < 1e-39:  # it becomes 0 soon
            break
        assert abs(Fraction(power) + Fraction(rest) - exact) <= step * exact / 2**100
        assert power == float(exact)
    assert step > 80
