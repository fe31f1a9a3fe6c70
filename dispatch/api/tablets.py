"""The endpoints of crews on the road and of those who look after them."""

from dispatch.api import crews, pairings, photos, positions, reports

TABLETS = (crews, reports, photos, positions, pairings)
