"""Kill the real program at random moments after random real edits, and see what the next one finds.

    python tests/soak/kills.py [KILLS=200] [--seed N]

It runs under a virtual display, with a real mouse and real keys, in a home of its own. Most kills
are SIGKILL, some are SIGTERM, SIGINT and SIGHUP. Each start checks what the kill before it has
left. The last line is the figure; exit code 1 where work was lost that was older than five seconds,
where a signal lost any, or where something was offered that nobody had changed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = 5.0  # seconds

#: The program as it is, which notes each state of its scene, and what it offers.
NOTING = """
import hashlib, json, sys, time
from optiviz.gui import app
from optiviz.gui.state import store
from optiviz.scene.file import dumps
log = open(sys.argv[1], "a")
def note(*what):
    log.write(json.dumps([time.time(), *what]) + chr(10)); log.flush()
tell = store.SceneStore._tell_history
def telling(self, before):
    tell(self, before)
    note("state", self.dirty, hashlib.sha256(dumps(self.scene).encode()).hexdigest())
store.SceneStore._tell_history = telling
build = app.build
def built(*arguments):
    parts = build(*arguments)
    parts.problems.told.connect(lambda problem: note("told", problem.sentence))
    app.QTimer.singleShot(400, lambda: note("up"))
    return parts
app.build = built
sys.exit(app.run())
"""


class Display:
    """A virtual screen with a real mouse and keyboard."""

    def __init__(self) -> None:
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as told:
            self.name = f":{told.readline().strip()}"

    def hand(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env={**os.environ, "DISPLAY": self.name},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return done.stdout.strip()


def entries(log: Path) -> list[list]:
    if not log.exists():
        return []
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def edit(display: Display, chance: random.Random) -> None:
    """One random act of a hand."""
    act = chance.choice(["arrow", "arrow", "digit", "drag", "undo", "wheel", "seed"])
    if act == "drag":
        x, y = chance.randint(500, 800), chance.randint(250, 600)
        display.hand("mousemove", str(x), str(y), "mousedown", "1")
        for _ in range(chance.randint(3, 12)):
            x, y = x + chance.randint(-15, 15), y + chance.randint(-15, 15)
            display.hand("mousemove", str(x), str(y))
        if chance.random() < 0.7:  # else it is killed in the middle of it, or another act ends it
            display.hand("mouseup", "1")
    elif act == "wheel":
        display.hand("mousemove", "650", "400", "click", chance.choice("45"))
    else:
        keys = {"arrow": "Right Left Up Down", "digit": "1 2 3 4", "undo": "ctrl+z", "seed": "x"}
        display.hand("key", chance.choice(keys[act].split()))


class Soak:
    """Kills, and what came of each."""

    def __init__(self, home: Path, seed: int) -> None:
        self.home, self.chance, self.display = home, random.Random(seed), Display()
        self.came, self.ages, self.codes = Counter(), [], Counter()
        self.seen: set[Path] = set()
        self.environ = {
            **os.environ,
            "DISPLAY": self.display.name,
            "QT_QPA_PLATFORM": "xcb",
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "PYTHONPATH": str(ROOT),
        }

    def start(self, number: int) -> tuple[subprocess.Popen, Path]:
        log = self.home / f"log.{number}"
        process = subprocess.Popen(
            [sys.executable, "-c", NOTING, str(log)],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=(self.home / "out").open("ab"),
            stderr=(self.home / f"err.{number}").open("wb"),
        )
        while not any(entry[1] == "up" for entry in entries(log)):
            if process.poll() is not None:
                raise SystemExit((self.home / f"err.{number}").read_text(encoding="utf-8"))
            time.sleep(0.1)
        window = self.display.hand("search", "--onlyvisible", "--name", "OptiViz$").split()
        self.display.hand("windowfocus", *window[-1:])
        return process, log

    def kill(self, process: subprocess.Popen) -> tuple[int, float]:
        end = time.monotonic() + self.chance.uniform(0.2, 7.0)
        while time.monotonic() < end:
            edit(self.display, self.chance)
            time.sleep(self.chance.choice([0.0, 0.1, 0.5, 1.5]))
        others = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]
        number = self.chance.choice([signal.SIGKILL] * 7 + others)
        process.send_signal(number)
        when = time.time()
        code = process.wait(60)
        self.codes[f"{signal.Signals(number).name} {code}"] += 1
        self.display.hand("mouseup", "1")
        return number, when

    def judge(self, log: Path, number: int, when: float) -> str:
        """Compare what is kept now with what the killed one had on its stage."""
        # What the hand did before a signal may be done before it is answered.
        states = [entry for entry in entries(log) if entry[1] == "state"]
        kept = set(self.home.glob("config/*/left/*.optiviz"))
        new, self.seen = kept - self.seen, kept
        dirty = bool(states) and states[-1][2]
        if not new:
            if not dirty:
                return "nothing to keep"
            since = next(e[0] for i, e in enumerate(states) if all(o[2] for o in states[i:]))
            young = when - since < ALLOWED and number == signal.SIGKILL
            return "younger than five seconds" if young else "LOST"
        found = hashlib.sha256(new.pop().read_bytes()).hexdigest()
        at = max((i for i, entry in enumerate(states) if entry[3] == found), default=None)
        if at is None:
            return "STRANGE"
        age = 0.0 if at == len(states) - 1 else when - states[at + 1][0]
        self.ages.append(age)
        if not dirty and age > ALLOWED:
            return "OFFERED IN VAIN"
        late = age > ALLOWED or (age > 0.2 and number != signal.SIGKILL)
        return "TOO OLD" if late else "recovered"

    def run(self, kills: int) -> bool:
        process, log = self.start(0)
        for turn in range(1, kills + 1):
            number, when = self.kill(process)
            process, next_log = self.start(turn)
            came = self.judge(log, number, when)
            offered = any(e[1] == "told" and "ended before" in e[2] for e in entries(next_log))
            if offered != (came in ("recovered", "TOO OLD", "STRANGE")):
                came = f"{came}, {'' if offered else 'NOT '}OFFERED"
            self.came[came] += 1
            log.unlink()
            log = next_log
            print(turn, signal.Signals(number).name, came, flush=True)
        process.kill()
        process.wait()
        self.display.server.kill()
        ages = sorted(self.ages) or [0.0]
        print(dict(self.came), dict(self.codes))
        print(
            f"{kills} kills: {self.came['recovered']} recovered, at most {ages[-1]:.2f} s old "
            f"(half of them under {ages[len(ages) // 2]:.2f} s)"
        )
        return all(came == came.lower() for came in self.came)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kills", nargs="?", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        return 0 if Soak(Path(home), options.seed).run(options.kills) else 1


if __name__ == "__main__":
    sys.exit(main())
