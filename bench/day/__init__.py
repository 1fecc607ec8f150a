"""The office's own day, 2,000 cases and 5,000 work items, from the exports to the report."""
