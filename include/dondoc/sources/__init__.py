"""Sources: files and APIs as typed records, every row accounted for."""
