"""Web: serves the output folder to phones."""
