"""The compiled part of planning: the clock of a route, and the search that asks it most."""
