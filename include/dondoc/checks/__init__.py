"""Rules: what is owed on a day, decided from facts alone."""
