"""Planning runs: asked for, carried out by a planner, told of, cancelled."""
