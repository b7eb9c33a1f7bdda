"""What `run.py` starts, and the scripts that made data/ and the stored reference values."""
