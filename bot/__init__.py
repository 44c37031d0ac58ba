"""Niro bot: keeps container images in manifests up to date, one small explained pull request at a time."""
