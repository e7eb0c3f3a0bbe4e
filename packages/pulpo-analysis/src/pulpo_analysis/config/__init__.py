"""Configuration: what `.pulpo.yml` may say, and how it is read."""
