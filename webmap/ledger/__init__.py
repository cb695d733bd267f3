"""What became of everybody between two days, and what is to be done next: the ledger and work lists."""
