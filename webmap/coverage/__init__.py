"""Who is covered today, and the maintained figures of areas and map cells."""
