"""HTTP doors: what reaches the bot from outside. They verify, store and answer; the work is done elsewhere."""
