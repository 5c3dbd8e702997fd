"""Commands as data, and the menus that list them."""
