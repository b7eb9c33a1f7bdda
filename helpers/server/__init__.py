"""What runs in the Jupyter server: it knows no figure, no NumPy and no widget, for they weigh 47 MB there."""
