"""The ledger: all state that must survive a day."""
