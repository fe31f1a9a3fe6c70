"""Webhooks: who is told of events, how it is signed, and the part that tells it."""
