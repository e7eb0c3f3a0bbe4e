"""Lint: rules that judge a project and return diagnostics."""
