"""Layout: the window, its stages, its drawer, the way of the Tab key."""
