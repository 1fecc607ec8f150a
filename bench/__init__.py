"""The day's own work, ours and the naive way, measured side by side on the same files."""
