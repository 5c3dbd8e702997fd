"""``python -m optiviz`` is the ``optiviz`` command."""

import signal
import sys


def main() -> int:
    """Run the command. Ctrl+C ends it without a traceback, even while it is still being loaded."""
    try:
        from optiviz.cli import main as command

        return command()
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


if __name__ == "__main__":
    sys.exit(main())
