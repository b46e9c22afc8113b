"""The page on which a run is explored: what it shows, its server, and in static/ the page itself."""
