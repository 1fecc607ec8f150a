"""10,000 apology letters through the office's own Word template."""
