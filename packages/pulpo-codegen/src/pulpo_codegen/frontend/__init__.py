"""The admin UI as files: its source, and the bundle that is built of it once."""
