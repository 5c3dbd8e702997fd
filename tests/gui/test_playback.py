"""Playback: the playhead follows a clock that the tests hold in their hands."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QTimer

from optiviz.gui.state.playback import Playback


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def playback(qapp, clock):
    head = Playback(120, clock=clock)
    yield head
    head.pause()


@pytest.fixture
def moves(playback):
    said = []
    playback.moved.connect(said.append)
    return said


def pass_time(playback, clock, seconds):
    clock.now += seconds
    playback.on_tick()


def test_speed_one_plays_the_race_in_twelve_seconds(playback, clock, moves):
    playback.play()
    pass_time(playback, clock, 3.0)
    assert playback.position == pytest.approx(30.0)
    pass_time(playback, clock, 9.0)
    assert playback.position == 120.0
    assert not playback.playing
    assert moves == pytest.approx([30.0, 120.0])


def test_a_slow_frame_does_not_slow_the_race(playback, clock):
    playback.play()
    for seconds in (0.016, 0.5, 0.016, 1.468):
        pass_time(playback, clock, seconds)
    assert playback.position == pytest.approx(20.0)


def test_a_timer_ticks_only_while_it_plays(playback, qtbot, moves):
    (timer,) = playback.findChildren(QTimer)
    assert not timer.isActive()
    playback.play()
    assert timer.isActive()
    playback.pause()
    assert not timer.isActive()


def test_it_plays_by_itself(qtbot):
    head = Playback(10)
    head.speed = 16
    with qtbot.waitSignal(head.playing_changed, check_params_cb=lambda playing: not playing):
        head.play()
        assert head.playing
    assert head.position == 10.0


def test_toggle_at_the_end_plays_from_the_start(playback, clock, moves):
    playback.to_end()
    playback.toggle()
    assert playback.playing
    assert moves == [120.0, 0.0]
    pass_time(playback, clock, 1.2)
    assert playback.position == pytest.approx(12.0)
    playback.toggle()
    assert not playback.playing
    playback.toggle()
    assert playback.position == pytest.approx(12.0), "plays on where it paused"


def test_time_that_passed_in_a_pause_does_not_count(playback, clock):
    playback.play()
    pass_time(playback, clock, 1.2)
    playback.pause()
    clock.now += 50.0
    playback.play()
    pass_time(playback, clock, 1.2)
    assert playback.position == pytest.approx(24.0)


def test_playing_changed_is_told_once(playback, qapp):
    said = []
    playback.playing_changed.connect(said.append)
    playback.play()
    playback.play()
    playback.pause()
    playback.pause()
    assert said == [True, False]


@pytest.mark.parametrize(
    ("start", "by", "lands"),
    [(3.4, 1, 4.0), (3.4, -1, 3.0), (3.0, 1, 4.0), (3.0, -1, 2.0), (0.0, -1, 0.0), (120, 1, 120)],
)
def test_a_step_pauses_at_a_whole_step(playback, start, by, lands):
    playback.seek(start)
    playback.play()
    playback.seek(start)
    playback.step(by)
    assert not playback.playing
    assert playback.position == lands


def test_to_start_plays_on_and_to_end_pauses(playback, clock):
    playback.play()
    pass_time(playback, clock, 2.0)
    playback.to_start()
    assert playback.position == 0.0
    assert playback.playing
    playback.to_end()
    assert playback.position == 120.0
    assert not playback.playing


@pytest.mark.parametrize(
    ("sought", "lands"), [(-5, 0.0), (500, 120.0), (7.25, 7.25), (math.nan, 50.0), (math.inf, 50.0)]
)
def test_seek_stays_within_the_race(playback, sought, lands):
    playback.seek(50)
    playback.seek(sought)
    assert playback.position == lands


def test_a_seek_while_playing_goes_on_from_there(playback, clock):
    playback.play()
    clock.now += 5.0
    playback.seek(60.0)
    pass_time(playback, clock, 1.2)
    assert playback.position == pytest.approx(72.0)


def test_the_position_is_kept_when_the_race_changes_its_length(playback, moves):
    playback.seek(80)
    playback.set_steps(500)
    assert playback.position == 80.0
    playback.set_steps(40)
    assert playback.position == 40.0
    assert moves == [80.0, 40.0]


def test_a_race_of_one_step_plays(playback, clock):
    playback.set_steps(1)
    playback.play()
    pass_time(playback, clock, 6.0)
    assert playback.position == pytest.approx(0.5)


def test_changing_speed_counts_from_now_on(playback, clock):
    playback.play()
    clock.now += 1.2
    playback.speed = 2.0
    pass_time(playback, clock, 1.2)
    assert playback.position == pytest.approx(12.0 + 24.0)


@pytest.mark.parametrize(("asked", "gets"), [(0.001, 0.25), (4, 4), (99, 16.0)])
def test_speed_stays_in_its_range(playback, asked, gets):
    playback.speed = asked
    assert playback.speed == gets


def test_speed_must_be_a_number(playback):
    with pytest.raises(ValueError, match=r"from 0\.25 to 16"):
        playback.speed = math.nan
    assert playback.speed == 1.0


def test_a_loop_shows_the_end_then_begins_again(playback, clock, moves):
    playback.loop = True
    playback.play()
    pass_time(playback, clock, 12.5)
    pass_time(playback, clock, 0.016)
    pass_time(playback, clock, 1.2)
    assert moves == pytest.approx([120.0, 0.0, 12.0])
    assert playback.playing


def test_reduced_motion_goes_from_whole_step_to_whole_step(playback, clock, moves):
    playback.set_reduced_motion(True)
    playback.play()
    for _ in range(10):
        pass_time(playback, clock, 0.055)  # a little over half a step
    assert moves == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_reduced_motion_reaches_the_end(playback, clock):
    playback.set_reduced_motion(True)
    playback.play()
    pass_time(playback, clock, 100.0)
    assert playback.position == 120.0
    assert not playback.playing


def test_turning_reduced_motion_on_goes_to_a_whole_step(playback, moves):
    playback.seek(3.7)
    playback.set_reduced_motion(True)
    assert moves == [3.7, 3.0]
