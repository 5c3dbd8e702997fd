"""A debounce acts once things rest, and says whether it is about to."""

from __future__ import annotations

from optiviz.gui.qt.timers import Debounce


def test_a_debounce_waits_until_it_acts(qtbot):
    acted = []
    debounce = Debounce(None, 20, lambda: acted.append(debounce.waits))
    assert not debounce.waits
    debounce.soon()
    debounce.soon()
    assert debounce.waits
    assert not acted
    qtbot.waitUntil(lambda: bool(acted))
    qtbot.wait(60)
    assert acted == [False], "once, and by then it waits no longer"
    assert not debounce.waits


def test_a_debounce_that_is_stopped_or_acts_at_once_waits_for_nothing(qtbot):
    acted = []
    debounce = Debounce(None, 20, lambda: acted.append(1))
    debounce.soon()
    debounce.stop()
    assert not debounce.waits
    debounce.soon()
    debounce.now()
    assert not debounce.waits
    qtbot.wait(60)
    assert acted == [1]
