"""A spreadsheet of households: from rows to a dry run, and from there into the tables."""
