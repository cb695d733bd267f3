"""Files people really have, read as streams of features in WGS 84."""
