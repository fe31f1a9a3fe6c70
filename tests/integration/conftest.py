"""Whole files of real data: millions of values that live on."""

from __future__ import annotations

import gc

# As the command line does: collecting over and over costs a third of the time.
gc.set_threshold(200_000, 20, 20)
