"""The project as one HTML page to look at: laid out and drawn here, no network, no library."""
