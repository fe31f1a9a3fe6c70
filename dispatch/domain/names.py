"""What things that people ask about are called, in German and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.job import Organisation
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

ORGANISATION_NAMES: Mapping[Organisation, Text] = {
    Organisation.USB: Text(de="USB", en="USB"),
    # The city's works department: green spaces, ponds and sewers.
    Organisation.PARKS: Text(de="Technischer Betrieb", en="Parks and sewers"),
}
