"""What the bot can do, measured: run `python -m benchmarks`, or one of them by its name."""
