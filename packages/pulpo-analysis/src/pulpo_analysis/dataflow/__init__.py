"""Data flow: in which order operations run, and where their inputs come from."""
