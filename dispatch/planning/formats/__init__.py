"""Problems and solutions as text: our own JSON, public instance files and VROOM's JSON."""
