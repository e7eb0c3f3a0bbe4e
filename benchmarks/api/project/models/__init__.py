"""What the benchmark stores."""
