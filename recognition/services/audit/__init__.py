"""Who acts, and the trail of what they did."""
