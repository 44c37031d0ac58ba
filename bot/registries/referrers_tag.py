"""The tag under which the referrers of a digest stand where a registry has no API for them."""


def tag_of(digest: str) -> str:
    """Return the tag of a digest's list of referrers: OCI distribution 1.1, "Referrers Tag Schema"."""
    algorithm, _, encoded = digest.partition(":")
    return f"{algorithm[:32]}-{encoded[:64]}"
