"""Alembic's migrations of the store's schema; `bot.store.migrating` runs them, nobody else.

To add one: change `bot/store/tables.py`, copy the newest file of `versions/` under the next number and write the
difference. The drift test compares the result with the tables on both databases.
"""
