"""The day's work as effects: what the DAG's tasks call."""
