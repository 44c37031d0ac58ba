"""Markers: what a comment says about the policy that a value follows, and which value it is about."""
