"""The graph of a project: built, asked and exported here."""
