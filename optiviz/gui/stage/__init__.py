"""What stands on a surface, from above or in three dimensions."""
