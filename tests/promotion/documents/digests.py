"""The digests of an image for two platforms, and of one that has nothing to do with it."""

AMD, ARM, INDEX, OTHER = (f"sha256:{letter * 64}" for letter in "abcd")
