"""A GitHub and a container registry small enough to start on a laptop; they share no code with the bot they test."""
