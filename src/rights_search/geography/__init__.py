"""Countries and other territories, regions of the world, and the places that queries name."""
