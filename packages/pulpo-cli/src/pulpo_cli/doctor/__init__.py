"""What this machine and this project have of what Pulpo needs."""
