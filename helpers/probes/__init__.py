"""What a run tells us: gradient norms, Jacobians, saturation, memory."""

from helpers.probes.memory import half_life

__all__ = ["half_life"]
