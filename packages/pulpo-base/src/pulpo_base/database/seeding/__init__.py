"""Made-up documents that are right: every type and constraint kept, every link to something."""
