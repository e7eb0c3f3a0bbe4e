"""Findings as values, their catalogue, and their text."""
