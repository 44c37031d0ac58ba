"""Copies an image from one repository to another: bytes as they are, the tag last, and nothing partial behind a tag."""
