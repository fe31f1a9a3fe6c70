"""What dispatchers do with plans by hand."""

from dispatch.api import drafts, plan_differences

BY_HAND = (drafts, plan_differences)
