"""Exceptions that mean the same thing on every surface: HTTP problem details, command lines, retries and logs."""
