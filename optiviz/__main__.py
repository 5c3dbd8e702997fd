"""``python -m optiviz`` is the ``optiviz`` command."""

import signal
import sys


def main() -> int:
    """Run the command. Until a window listens, Ctrl+C ends it at once, as the system does that.

    Python's own way would raise KeyboardInterrupt wherever it is, and within the imports of Qt that
    is swallowed, or ends in an abort.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from optiviz.cli import main as command

    return command()


if __name__ == "__main__":
    sys.exit(main())
