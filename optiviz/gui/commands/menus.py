"""The scene and view menus, made from the commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup

from optiviz.gui.commands.actions import Command, command, shown_key

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QMenu

Wish = Callable[[Command], None]


def add_command(menu: QMenu, identifier: str, wish: Wish, *, checkable: bool = False) -> QAction:
    """List a command with its key; choosing it wishes for it."""
    each = command(identifier)
    # The key is told, not bound: the main window looks keys up itself (see actions.py).
    action = menu.addAction(f"{each.title}\t{shown_key(identifier)}")
    action.setObjectName(f"menu.{identifier}")
    action.setCheckable(checkable)
    action.triggered.connect(lambda: wish(each))
    return action


class SceneMenu:
    """Open, recent, save, reset, quit."""

    def __init__(self, menu: QMenu, wish: Wish, open_path: Callable[[Path], object]) -> None:
        self._open_path = open_path
        add_command(menu, "open", wish)
        self._recent = menu.addMenu("Open recent")
        self._recent.menuAction().setObjectName("menu.recent")
        self._left = menu.addMenu("Open a scene as it was left")
        self._left.menuAction().setObjectName("menu.left")
        self._prepared = menu.addMenu("Open a prepared scene")
        self._prepared.menuAction().setObjectName("menu.prepared")
        add_command(menu, "open_data", wish)
        menu.addSeparator()
        add_command(menu, "save", wish)
        add_command(menu, "save_as", wish)
        menu.addSeparator()
        add_command(menu, "reset", wish)
        menu.addSeparator()
        add_command(menu, "quit", wish)

    def show_files(
        self, recent: tuple[Path, ...], left: tuple[Path, ...], prepared: tuple[Path, ...]
    ) -> None:
        """Show the files used lately, those left with changes in them, and those shipped."""
        listed = ((self._recent, recent), (self._left, left), (self._prepared, prepared))
        for menu, paths in listed:
            menu.clear()
            menu.setToolTipsVisible(True)
            menu.setEnabled(bool(paths))
            for path in paths:
                action = menu.addAction(path.name if menu is self._recent else path.stem)
                action.setToolTip(str(path))
                # The path travels as a default argument: the loop's variable moves on.
                action.triggered.connect(lambda _=False, path=path: self._open_path(path))


class ViewMenu:
    """Fit, size, theme, and what is drawn on the stage."""

    def __init__(self, menu: QMenu, wish: Wish, choose: Callable[[str, object], None]) -> None:
        """``choose(setting, value)`` is told what is chosen here that is no command."""
        view_modes = QActionGroup(menu)
        self.view_modes: dict[str, QAction] = {}
        for name in ("contour", "3d", "split"):
            action = add_command(menu, f"view_{name}", wish, checkable=True)
            view_modes.addAction(action)
            self.view_modes[name] = action
        cameras = menu.addMenu("3D camera")
        cameras.menuAction().setObjectName("menu.camera")
        for name in ("home", "above", "valley", "start"):
            add_command(cameras, f"camera_{name}", wish)
        cameras.addSeparator()
        self.turntable = add_command(cameras, "turntable", wish, checkable=True)
        add_command(cameras, "follow", wish)
        menu.addSeparator()
        add_command(menu, "fit", wish)
        self.stretch = self._switch(menu, "Stretch the axes", "stretch", choose)
        self.caption = self._switch(menu, "Print the settings on the stage", "caption", choose)
        menu.addSeparator()
        self.batch = add_command(menu, "batch_contour", wish, checkable=True)
        clouds = menu.addMenu("Gradient cloud")
        clouds.menuAction().setObjectName("menu.gradient_cloud")
        places = QActionGroup(menu)
        key = shown_key("gradient_cloud")
        self.clouds: dict[str, QAction] = {}
        for name, title in (("off", "Off"), ("racer", "At a racer"), ("pointer", "At the pointer")):
            action = clouds.addAction(f"{title}\t{key}")
            action.setObjectName(f"menu.gradient_cloud.{name}")
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, name=name: choose("gradient_cloud", name))
            places.addAction(action)
            self.clouds[name] = action
        add_command(menu, "seeds", wish)
        menu.addSeparator()
        themes = menu.addMenu("Theme")
        group = QActionGroup(menu)
        self.themes: dict[str, QAction] = {}
        for name, title in (
            ("system", "As the system"),
            ("dark", "Dark"),
            ("light", "Light"),
        ):
            action = themes.addAction(title)
            action.setObjectName(f"menu.theme.{name}")
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, name=name: choose("theme", name))
            group.addAction(action)
            self.themes[name] = action
        for identifier in ("scale_up", "scale_down", "scale_reset"):
            add_command(menu, identifier, wish)
        self.motion = self._switch(menu, "Reduced motion", "reduced_motion", choose)
        menu.addSeparator()
        self.full_screen = add_command(menu, "full_screen", wish, checkable=True)

    def _switch(
        self, menu: QMenu, title: str, name: str, choose: Callable[[str, object], None]
    ) -> QAction:
        action = menu.addAction(title)
        action.setObjectName(f"menu.{name}")
        action.setCheckable(True)
        action.triggered.connect(lambda on: choose(name, on))
        return action
