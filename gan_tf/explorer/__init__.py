"""The web page for exploring a run: its data, its server, and, in static/, the page itself."""
