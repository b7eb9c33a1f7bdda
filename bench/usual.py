"""Forward and full BPTT in the usual per-step NumPy style, to measure the engine against.

One matrix a gate, one dictionary of values a step, gradients added up step by step. It is what a
tutorial writes; nothing here is slowed down on purpose.
"""

import numpy as np


def sigmoid(a):
    """1/(1 + exp(-a))."""
    return 1 / (1 + np.exp(-a))


def zeros_like(p):
    """A gradient for every parameter."""
    return {name: np.zeros_like(value) for name, value in p.items()}


def add_products(g, gate, da, x_t, h_prev):
    """Add one step's share to the gradients of a gate."""
    g["W" + gate] += da @ x_t.T
    g["U" + gate] += da @ h_prev.T
    g["b" + gate] += da.sum(axis=1, keepdims=True)


def rnn(p, x, direct):
    """h (T, H, B) and the gradients of a tanh RNN."""
    h, steps = np.zeros_like(direct[0]), []
    for x_t in x:
        h_prev, h = h, np.tanh(p["W"] @ x_t + p["U"] @ h + p["b"])
        steps.append({"x": x_t, "h_prev": h_prev, "h": h})
    g, dh = zeros_like(p), np.zeros_like(h)
    for step, direct_t in zip(reversed(steps), direct[::-1], strict=True):
        da = (dh + direct_t) * (1 - step["h"] ** 2)
        add_products(g, "", da, step["x"], step["h_prev"])
        dh = p["U"].T @ da
    return np.stack([step["h"] for step in steps]), g


def lstm(p, x, direct):
    """h (T, H, B) and the gradients of an LSTM."""
    h, c = np.zeros_like(direct[0]), np.zeros_like(direct[0])
    steps = []
    for x_t in x:
        f = sigmoid(p["W_f"] @ x_t + p["U_f"] @ h + p["b_f"])
        i = sigmoid(p["W_i"] @ x_t + p["U_i"] @ h + p["b_i"])
        o = sigmoid(p["W_o"] @ x_t + p["U_o"] @ h + p["b_o"])
        c_tilde = np.tanh(p["W_c"] @ x_t + p["U_c"] @ h + p["b_c"])
        h_prev, c_prev = h, c
        c = f * c_prev + i * c_tilde
        h = o * np.tanh(c)
        steps.append(
            {
                "x": x_t,
                "h_prev": h_prev,
                "c_prev": c_prev,
                "c": c,
                "h": h,
                "f": f,
                "i": i,
                "o": o,
                "g": c_tilde,
            }
        )
    g, dh, dc = zeros_like(p), np.zeros_like(h), np.zeros_like(c)
    for s, direct_t in zip(reversed(steps), direct[::-1], strict=True):
        dh = dh + direct_t
        tanh_c = np.tanh(s["c"])
        dc = dc + dh * s["o"] * (1 - tanh_c**2)
        da = {
            "_o": dh * tanh_c * s["o"] * (1 - s["o"]),
            "_f": dc * s["c_prev"] * s["f"] * (1 - s["f"]),
            "_i": dc * s["g"] * s["i"] * (1 - s["i"]),
            "_c": dc * s["i"] * (1 - s["g"] ** 2),
        }
        for gate, da_g in da.items():
            add_products(g, gate, da_g, s["x"], s["h_prev"])
        dh = sum(p["U" + gate].T @ da_g for gate, da_g in da.items())
        dc = dc * s["f"]
    return np.stack([s["h"] for s in steps]), g


def gru(p, x, direct):
    """h (T, H, B) and the gradients of a GRU that resets after the product, as PyTorch's."""
    h, steps = np.zeros_like(direct[0]), []
    for x_t in x:
        z = sigmoid(p["W_z"] @ x_t + p["U_z"] @ h + p["b_z"])
        r = sigmoid(p["W_r"] @ x_t + p["U_r"] @ h + p["b_r"])
        m = p["U_h"] @ h + p["b_m"]
        h_tilde = np.tanh(p["W_h"] @ x_t + r * m + p["b_h"])
        h_prev, h = h, z * h + (1 - z) * h_tilde
        steps.append({"x": x_t, "h_prev": h_prev, "h": h, "z": z, "r": r, "m": m, "g": h_tilde})
    g, dh = zeros_like(p), np.zeros_like(h)
    for s, direct_t in zip(reversed(steps), direct[::-1], strict=True):
        dh = dh + direct_t
        da_h = dh * (1 - s["z"]) * (1 - s["g"] ** 2)
        da_z = dh * (s["h_prev"] - s["g"]) * s["z"] * (1 - s["z"])
        da_r = da_h * s["m"] * s["r"] * (1 - s["r"])
        dm = da_h * s["r"]
        add_products(g, "_z", da_z, s["x"], s["h_prev"])
        add_products(g, "_r", da_r, s["x"], s["h_prev"])
        g["W_h"] += da_h @ s["x"].T
        g["b_h"] += da_h.sum(axis=1, keepdims=True)
        g["U_h"] += dm @ s["h_prev"].T
        g["b_m"] += dm.sum(axis=1, keepdims=True)
        dh = dh * s["z"] + p["U_z"].T @ da_z + p["U_r"].T @ da_r + p["U_h"].T @ dm
    return np.stack([s["h"] for s in steps]), g
