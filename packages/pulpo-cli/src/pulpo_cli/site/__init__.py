"""The project's documentation as one page that opens from disk."""
