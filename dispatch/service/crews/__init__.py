"""Crews on the road: what they report, how their tablets come in, where they are."""
