"""A large office's day: 200,000 cases, 200,000 work items, 200 units, from the exports to the report."""
