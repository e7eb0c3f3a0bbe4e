"""What was worked out once and need not be again: `.pulpo/cache/`, which may go at any time."""
