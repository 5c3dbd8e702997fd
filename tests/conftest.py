"""In CI nothing is skipped in silence: a test that did not run fails the run, or has an excuse.

CI is where the variable ``CI`` is set, as ``.ci/run`` and every service does. Elsewhere a machine
may lack torch, a virtual display or a compiler, and the tests that want them are only skipped.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Excuse(NamedTuple):
    """Why a skipped test is no loss; ``instead``: the test that must have passed in its place."""

    reason: str  # how what the test says begins
    why: str
    instead: str = ""


EXCUSES = (
    Excuse(
        "there is no OpenGL on this display",
        "Qt's offscreen platform has none; the same tests run again under Xvfb",
        "tests/whole/test_surface3d.py::test_with_software_opengl_everything_is_tested",
    ),
    Excuse("there is OpenGL on this display", "the same test runs on the offscreen platform"),
    Excuse("could not import 'OpenGL'", "PyOpenGL gives a benchmark its baseline, and no more"),
    Excuse("root may do anything", "a container has no other user, whom rights would stop"),
)

# Torch is compared with two numbers at a time: threads of its own would only take the cores from
# the other tests. It reads this when it is loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")

PASSED, SKIPPED = pytest.StashKey[set[str]](), pytest.StashKey[dict[str, str]]()


def in_ci(environ: Mapping[str, str]) -> bool:
    return environ.get("CI", "").lower() not in ("", "0", "false")


def inexcusable(skipped: Mapping[str, str], passed: Iterable[str]) -> list[str]:
    """A line for each skipped test without an excuse: its place, its reason, what was missing."""
    done = {name.partition("[")[0] for name in passed}
    lines = []
    for place, reason in sorted(skipped.items()):
        excuse = next((known for known in EXCUSES if reason.startswith(known.reason)), None)
        if excuse is None:
            lines.append(f"{place}: {reason}")
        elif excuse.instead and excuse.instead not in done:
            lines.append(f"{place}: {reason}, and {excuse.instead} did not pass instead")
    return lines


def pytest_configure(config: pytest.Config) -> None:
    config.stash[PASSED], config.stash[SKIPPED] = set(), {}
    config.pluginmanager.register(Watch(config), "optiviz-skips")


class Watch:
    """Takes down what passed and what did not run; under xdist, where all reports come together."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    @property
    def told(self) -> list[str]:
        # A worker sees a part only, and its exit code is not the run's.
        if hasattr(self.config, "workerinput") or not in_ci(os.environ):
            return []
        return inexcusable(self.config.stash[SKIPPED], self.config.stash[PASSED])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.config.stash[PASSED].add(report.nodeid)
        # What fails as expected is told as skipped, but has run.
        if not hasattr(report, "wasxfail"):
            self.take_down(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.take_down(report)

    def take_down(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            self.config.stash[SKIPPED][report.nodeid] = str(reason).removeprefix("Skipped: ")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.told and session.exitstatus in (pytest.ExitCode.OK, None):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if told := self.told:
            terminalreporter.section("not run, and in CI that is a failure", red=True)
            for line in told:
                terminalreporter.line(line)
            terminalreporter.line(
                f"{len(told)} skipped. `python3 packaging/dev.py reference` brings torch, "
                "`python3 packaging/dev.py test` as root on Debian the programs; a skip that is "
                "no loss has its reason in tests/conftest.py."
            )
