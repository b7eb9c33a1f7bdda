"""What a run tells us: gradient norms, Jacobians, memory."""

from helpers.engine.probes.jacobians import (
    eigenvalues,
    largest_singular_value,
    product_jacobians,
    spectral_radius,
    step_jacobians,
    vanishing_bound,
)
from helpers.engine.probes.memory import (
    bias_for_half_life,
    half_life,
    half_life_of_bias,
    impulse_response,
    log_forget_product,
    log_norms_forget,
    perturbation,
)
from helpers.engine.probes.norms import factor_per_step, gradient_by_lag, log_norms_dh_T, log_norms_dL
from helpers.engine.probes.scaled import Scaled, scaled_gradients

__all__ = [
    "Scaled",
    "bias_for_half_life",
    "eigenvalues",
    "factor_per_step",
    "gradient_by_lag",
    "half_life",
    "half_life_of_bias",
    "impulse_response",
    "largest_singular_value",
    "log_forget_product",
    "log_norms_dL",
    "log_norms_dh_T",
    "log_norms_forget",
    "perturbation",
    "product_jacobians",
    "scaled_gradients",
    "spectral_radius",
    "step_jacobians",
    "vanishing_bound",
]
