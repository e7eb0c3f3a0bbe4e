"""What differs between two snapshots of a project, and what that means for who uses it."""
