"""What operations take and return."""
