"""A snippet -> what its run left, in one fenced process of its own."""
