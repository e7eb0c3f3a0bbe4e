"""The flows of the project as Prefect code."""
