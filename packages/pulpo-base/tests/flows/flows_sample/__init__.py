"""A small project as a user and the generator would write it: one flow, six operations."""
