"""`/api/flows`: flows as they are shown (`views`), started and resumed (`router`)."""
