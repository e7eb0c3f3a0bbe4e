"""Registries: every spec of a project in one place, references resolved."""
