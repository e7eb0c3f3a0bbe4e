"""What a library keeps."""
