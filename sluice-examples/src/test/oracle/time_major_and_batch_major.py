"""TF1's GRUCell over sequences of different lengths, in NumPy."""

import numpy as np
from oracle import RandomKey, show, sigmoid, weights

STEPS, BATCH, INPUTS, UNITS, LENGTHS = 3, 2, 3, 4, (2, 3)
shapes = {"weight_ih": (INPUTS, 3 * UNITS), "weight_hh": (UNITS, 3 * UNITS),
          "bias_ih": (1, 3 * UNITS), "bias_hh": (1, 3 * UNITS)}
w = weights(1, UNITS ** -0.5, {f"rnn.{n}_l0": s for n, s in shapes.items()})
kernel = np.concatenate([w["rnn.weight_ih_l0"], w["rnn.weight_hh_l0"]])
bias = (w["rnn.bias_ih_l0"] + w["rnn.bias_hh_l0"])[0]
x = RandomKey.of(2).uniform(1, STEPS, BATCH, INPUTS)

h = np.zeros((BATCH, UNITS))
outputs = np.zeros((STEPS, BATCH, UNITS))
for b, length in enumerate(LENGTHS):
    for t in range(length):
        gates = sigmoid(np.concatenate([x[t, b], h[b]]) @ kernel[:, :2 * UNITS] + bias[:2 * UNITS])
        r, u = np.split(gates, 2)
        candidate = np.tanh(np.concatenate([x[t, b], r * h[b]]) @ kernel[:, 2 * UNITS:] + bias[2 * UNITS:])
        outputs[t, b] = h[b] = u * h[b] + (1 - u) * candidate
show("state", h)
show("time-major outputs", outputs)
show("state", h)
show("batch-major outputs", outputs.transpose(1, 0, 2))
