"""Optimisers: from a gradient to a step downhill."""

import numpy as np

from helpers.engine import arguments
from helpers.engine.cells.base import may_overflow


class SGD:
    """Gradient descent: p <- p - lr dL/dp.

    Parameters
    ----------
    lr : float
        Learning rate, above 0.
    """

    def __init__(self, lr=0.1):
        self.lr = arguments.positive(lr, "lr")

    @may_overflow
    def step(self, parameters, grads):
        """Move each parameter, in place."""
        for name, p in parameters.items():
            p -= p.dtype.type(self.lr) * grads[name]


class Adam:
    """Steps of about the size lr, whatever the size of the gradient (Kingma and Ba 2015, algorithm 1).

    Parameters
    ----------
    lr : float
        Learning rate, above 0.
    beta_1, beta_2 : float
        Which share of the running means of the gradient and of its square is kept, from 0 to below 1.
    epsilon : float
        Added to the root, so that the step is not divided by 0.
    """

    def __init__(self, lr=1e-2, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
        self.lr, self.epsilon = arguments.positive(lr, "lr"), arguments.positive(epsilon, "epsilon")
        self.beta_1, self.beta_2 = beta_1, beta_2
        for value, name in ((beta_1, "beta_1"), (beta_2, "beta_2")):
            if not 0 <= arguments.number(value, name) < 1:
                raise ValueError(f"{name} must be from 0 to below 1; got {value}.")
        self.n, self.m, self.v = 0, {}, {}

    @may_overflow
    def step(self, parameters, grads):
        """Move each parameter, in place."""
        self.n += 1
        for name, p in parameters.items():
            g = grads[name]
            m = self.m[name] = _mean(self.m.get(name, 0), g, self.beta_1, p.dtype)
            v = self.v[name] = _mean(self.v.get(name, 0), g * g, self.beta_2, p.dtype)
            m_hat = m / p.dtype.type(1 - self.beta_1**self.n)
            v_hat = v / p.dtype.type(1 - self.beta_2**self.n)
            p -= p.dtype.type(self.lr) * m_hat / (np.sqrt(v_hat) + p.dtype.type(self.epsilon))


def _mean(old, new, beta, dtype):
    """A running mean, which keeps the share beta of its old value."""
    return dtype.type(beta) * old + dtype.type(1 - beta) * new
