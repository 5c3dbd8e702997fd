"""Older scene files, made like those of today: one function for each step from version to version.

A step is a pure function on the decoded JSON. It changes names and forms, and where something is
not as its version had it, leaves that as it is: the reader tells what is wrong. Each is written
once and stays, so that a file of any version is read for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Tree = dict[str, Any]


def upgraded(tree: Tree) -> Tree:
    """Give a file of any version, decoded, in the form of the newest."""
    for step in STEPS[tree["optiviz"] - 1 :]:
        tree = {**step(tree), "optiviz": tree["optiviz"] + 1}
    return tree


def _from_1(tree: Tree) -> Tree:
    """Name a racer's gradient and style as they are called now, and leave out what there is not.

    In version 1 ``solo``, ``camera`` and ``clip`` were ``null`` where there was none.
    """
    tree = _without_null(tree, "solo", "camera")
    racers = tree.get("racers")
    if isinstance(racers, list):
        tree["racers"] = [
            _racer_from_1(each) if isinstance(each, dict) else each for each in racers
        ]
    return tree


def _racer_from_1(racer: Tree) -> Tree:
    racer = _renamed(_without_null(racer, "clip"), slope="gradient", look="style")
    gradient = racer.get("gradient")
    if isinstance(gradient, dict) and gradient.get("key") == "exact":
        racer["gradient"] = {**gradient, "key": "full"}
    return racer


def _renamed(tree: Tree, **names: str) -> Tree:
    """Rename entries in their places; a name that is taken already stays wrong."""
    names = {old: new for old, new in names.items() if new not in tree}
    return {names.get(name, name): value for name, value in tree.items()}


def _without_null(tree: Tree, *names: str) -> Tree:
    return {name: value for name, value in tree.items() if value is not None or name not in names}


#: The first leads from version 1 to 2, the next one from 2 to 3.
STEPS: tuple[Callable[[Tree], Tree], ...] = (_from_1,)
#: The version of the files that are written.
VERSION = 1 + len(STEPS)
