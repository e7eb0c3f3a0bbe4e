"""Reads a Pulpo project without running it: discovery, registries, data flow, lint and graphs."""
