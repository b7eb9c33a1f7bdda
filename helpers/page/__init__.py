"""What a browser shows of a lab: the live figure, and the panel around it. Knows nothing of networks."""
