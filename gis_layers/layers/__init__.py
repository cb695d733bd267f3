"""What each layer of the map is: one declaration each."""
