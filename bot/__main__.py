"""`python -m bot` is `niro`."""

from bot.cli import main

if __name__ == "__main__":
    main()
