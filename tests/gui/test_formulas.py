import pytest
from PySide6.QtGui import QColor

from optiviz import resources
from optiviz.engine import OPTIMIZERS, SURFACES
from optiviz.gui.theme import typesetting
from optiviz.gui.theme.formulas import formula_pixmap

RULE = r"\theta \leftarrow \theta - \epsilon\, \hat{s} / (\sqrt{\hat{r}} + \delta)"
BROKEN = [r"\frac{", "", "{", r"\left( x", "\x00"]


def colours(pixmap):
    image = pixmap.toImage()
    return {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


@pytest.mark.parametrize(
    "latex",
    [r"v \leftarrow \beta v - \epsilon g", RULE, r"f(x, y) = (1.5 - x + xy)^2 + xy^3"],
)
def test_draws_in_the_colour_asked_for(latex):
    assert colours(formula_pixmap(latex, "#e69f00", 14.0, 1.0)) == {"#e69f00"}


@pytest.mark.parametrize("part", [*OPTIMIZERS.values(), *SURFACES.values()])
def test_every_parts_formula_is_typeset(part):
    assert typesetting.typeset(part.formula)


def test_size_follows_points_and_pixel_ratio():
    small = formula_pixmap(RULE, "#fff", 12.0, 1.0)
    large = formula_pixmap(RULE, "#fff", 24.0, 1.0)
    sharp = formula_pixmap(RULE, "#fff", 12.0, 2.0)
    assert large.width() == pytest.approx(2 * small.width(), abs=2)
    assert sharp.width() == pytest.approx(2 * small.width(), abs=2)
    assert sharp.devicePixelRatio() == 2.0
    assert sharp.deviceIndependentSize().width() == pytest.approx(small.width(), abs=1)


@pytest.mark.parametrize("latex", BROKEN)
def test_what_cannot_be_typeset_is_written(latex):
    pixmap = formula_pixmap(latex, "#ff0000", 12.0, 1.0)
    assert not pixmap.isNull()
    if latex.isprintable() and latex:
        assert "#ff0000" in colours(pixmap)


def test_typesetting_is_done_once(monkeypatch):
    calls = []
    ziamath = typesetting._typesetter()

    class Counted(ziamath.Latex):
        def __init__(self, *args, **kwargs):
            calls.append(args)
            super().__init__(*args, **kwargs)

    monkeypatch.setattr(ziamath, "Latex", Counted)
    latex = r"\theta_{17} + 3"
    for color in ("#112233", "#445566", "#112233"):
        for size in (11.0, 13.0):
            formula_pixmap(latex, color, size, 1.0)
    assert len(calls) == 1


def test_epsilon_is_the_one_beside_the_sliders():
    assert typesetting.svg(r"\epsilon g") == typesetting.svg(r"\varepsilon g")
    assert typesetting.svg(r"\epsilon_k") == typesetting.svg(r"\varepsilon_k")


def test_colour_names_are_taken_too():
    assert colours(formula_pixmap("x", "red", 20.0)) == {QColor("red").name()}


@pytest.mark.parametrize("part", [*OPTIMIZERS.values(), *SURFACES.values()])
def test_a_parts_formulas_are_shipped_as_they_would_be_typeset(part):
    for latex in part.formulas():
        shipped = resources.text("formulas", typesetting.shipped_name(latex))
        assert shipped.strip() == typesetting.typeset(latex).strip()
