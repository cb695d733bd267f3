"""The house itself: where one lands, how far long work is, whether all is well."""
