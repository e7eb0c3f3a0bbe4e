"""The flows of the project, decided."""
