"""Map files, one way in: what a file holds, what it would change, changing it, and taking that back."""
