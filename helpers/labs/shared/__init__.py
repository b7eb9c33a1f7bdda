"""What the labs of several lessons share: a network that reads, and a training that is watched."""
