"""What a person types in a terminal, a file a noun; `everyday` holds the verbs that stand alone.

Each says what it asks for, and loads what it needs when it runs, so that help is there at once. What `check`, `days`,
`explain`, `outcome` and `past_reports` print stands in files of their own.
"""
