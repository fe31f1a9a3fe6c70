"""Scenario definitions, the demo world and command-line scenario runs."""
