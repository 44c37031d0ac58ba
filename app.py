"""The door of the process: `python app.py` is `niro serve`."""

from bot.cli import main

if __name__ == "__main__":
    main(["serve"])
