"""Signals and site history in, job drafts out: when, where, how much, how urgent, and why."""
