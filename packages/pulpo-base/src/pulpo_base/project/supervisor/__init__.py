"""Processes of a project's services: who they are, how they start, stay and stop."""
