"""Decorators, base classes and specs for Pulpo projects, and the runtime of what Pulpo generates."""
