"""Files of weather stations and of groundwater, read into values."""
