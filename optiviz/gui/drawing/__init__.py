"""Lines, halos, ticks and pictures: what every view draws with, and no widget."""
