"""What lasts while the window is open, and what is remembered when it is not."""
