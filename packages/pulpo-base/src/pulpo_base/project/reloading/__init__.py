"""The API in a process that can be replaced while its address stays: what `pulpo dev` drives."""
