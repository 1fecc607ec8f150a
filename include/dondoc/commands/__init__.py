"""What a person types in a terminal, a file a noun."""
