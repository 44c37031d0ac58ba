"""Flux's own objects, read as the policies that they stand for."""

from bot.policies.flux.loading import load_flux

__all__ = ["load_flux"]
