"""For what each kind of stored secret is sealed: a purpose, and the place that it may stand in."""

Binding = tuple[str, ...]


def of_credential(credential: str, installation: int, host: str) -> Binding:
    """Return the purpose and place of a credential's secret: its installation, id and host."""
    return ("credential", str(installation), credential, host)


def of_hook(hook: str, installation: int | None, host: str) -> Binding:
    """Return the purpose and place of a hook's signing key; no installation: the operator's."""
    return ("hook", "" if installation is None else str(installation), hook, host)
