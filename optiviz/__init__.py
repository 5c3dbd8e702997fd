"""OptiViz: optimizers race down a loss surface, exactly as PyTorch would step them."""

__version__ = "0.1.0"
