"""Pure values shared by all packages; imports the standard library only."""
