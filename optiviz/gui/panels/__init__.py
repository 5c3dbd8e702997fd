"""What surrounds the stage: toolbar, racers, instruments, transport, messages."""
