"""A one-stop export of 200,000 rows and 15 columns, read and checked."""
