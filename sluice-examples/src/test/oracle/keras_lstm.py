"""keras.layers.LSTM in NumPy, checked against Keras's own tests."""

import numpy as np
from oracle import RandomKey, show, sigmoid

BATCH, STEPS, INPUTS, UNITS = 2, 4, 3, 2


def lstm(x, h, c, mask, kernel, recurrent_kernel, bias, activation=np.tanh, recurrent_activation=sigmoid, zero_output=False):
    """All outputs, h and c. Batch-major; a masked step holds the state and repeats the output, first zeros."""
    x, mask, output, outputs = x.transpose(1, 0, 2), mask.T[:, :, None], np.zeros_like(h), []
    for xt, real in zip(x, mask):
        i, f, g, o = np.split(xt @ kernel + h @ recurrent_kernel + bias, 4, -1)
        next_c = recurrent_activation(f) * c + recurrent_activation(i) * activation(g)
        next_h = recurrent_activation(o) * activation(next_c)
        output = np.where(real, next_h, 0 if zero_output else output)
        h, c = np.where(real, next_h, h), np.where(real, next_c, c)
        outputs.append(output)
    return np.stack(outputs, 1), h, c


# lstm_test.py: test_masking, test_pass_initial_state
x = np.arange(24.0).reshape(2, 4, 3)
w = np.full((3, 8), 0.01), np.full((2, 8), 0.02), np.array([0.03, 0.03, 1, 1, 0.03, 0.03, 0.03, 0.03])
h = np.zeros((2, 2))
mask = np.array([[1, 1, 1, 0], [1, 1, 0, 0]], bool)
outputs, *_ = lstm(x, h, h, mask, *w)
assert np.allclose(outputs[:, :, 0], [[0.0158891, 0.05552048, 0.11755939, 0.11755939], [0.14185596] + [0.28556206] * 3])
h = np.array([[0.0, 1], [2, 3]])
outputs, *_ = lstm(x, h, h, np.ones((2, 4), bool), *w)
assert np.allclose(outputs[:, -1], [[0.20574439, 0.3558822], [0.64930826, 0.66276]])


def random(name, *shape):
    return RandomKey.of(1).fold(name).uniform(1, *shape)


def run(name, x, mask, time_major=False, **settings):
    w = random("kernel", INPUTS, 4 * UNITS), random("recurrent_kernel", UNITS, 4 * UNITS), random("bias", 4 * UNITS)
    outputs, h, c = lstm(x, random("h", BATCH, UNITS), random("c", BATCH, UNITS), mask, *w, **settings)
    show("last output", h)
    show("h", h)
    show("c", c)
    show(name, outputs.transpose(1, 0, 2) if time_major else outputs)


x, whole = random("x", BATCH, STEPS, INPUTS), np.ones((BATCH, STEPS), bool)
holes = np.array([[1, 0, 1, 1], [0, 1, 1, 0]], bool)
run("standard", x, whole)
run("hard_sigmoid, softsign", x, whole, activation=lambda v: v / (1 + abs(v)),
    recurrent_activation=lambda v: np.clip(0.2 * v + 0.5, 0, 1))
run("mask", x, holes)
run("zero_output_for_mask", x, holes, zero_output=True)
run("go_backwards", x[:, ::-1], holes[:, ::-1])
run("time_major", random("x", STEPS, BATCH, INPUTS).transpose(1, 0, 2), holes, time_major=True)
