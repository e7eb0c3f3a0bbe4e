"""Generates a project's API, flows, command line and docs from Pulpo's analysis."""
