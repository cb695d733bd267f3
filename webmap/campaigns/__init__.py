"""What a campaign aims at, and its teams."""
