"""Route sheets: a crew's day on paper, in navigation devices, on maps and in calendars."""

from dispatch.sheets.sheet import Sheet
from dispatch.sheets.text import german_number, plan_sheets, route_sheet

__all__ = ["Sheet", "german_number", "plan_sheets", "route_sheet"]
