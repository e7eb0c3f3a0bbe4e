"""From checked bytes to files: manifest, a pure decision, and the one module that writes."""
