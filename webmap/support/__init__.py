"""Money: what a family has to pay, who promised to, and who is given a card."""
