"""The endpoints of coming in: logging in, and who may."""

from dispatch.api import accounts, provider, session, tokens

DOORS = (session, provider, accounts, tokens)
