"""How the world's records look in REST answers and webhooks: GitHub's JSON, complete to its own description."""
