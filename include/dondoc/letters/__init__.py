"""Apology letters: what they say, and the drafts on disk."""
