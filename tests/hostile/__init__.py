"""What strangers and broken programs may hand in, at every door people use, and what became of it."""
