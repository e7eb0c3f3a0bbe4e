"""The daily loop: watch, compile what changed, serve it, say what is wrong with it."""
