"""Steps of TF1's BasicRNNCell and BasicLSTMCell in NumPy, the last one checked against TF1's own test."""

import numpy as np
from oracle import RandomKey, show, tf1_lstm

x = np.array([[1.0, -1.0]])
c, h = np.array([[0.4, 0.5, 0.6]]), np.array([[0.1, 0.2, 0.3]])

kernel = RandomKey.of(1).uniform(0.5, 5, 3)
show("BasicRNNCell output", np.maximum(np.concatenate([x, h], 1) @ kernel + [0.1, 0, -0.1], 0))

kernel = RandomKey.of(1).uniform(0.5, 5, 12)
c, h = tf1_lstm(x, c, h, kernel, 0, forget_bias=2, activation=lambda v: v / (1 + abs(v)))
show("BasicLSTMCell c", c)
show("BasicLSTMCell h", h)

half = np.full((4, 8), 0.5)
c0, h0 = tf1_lstm(np.ones((1, 2)), np.full((1, 2), 0.1), np.full((1, 2), 0.1), half, 0, forget_bias=1)
c1, h1 = tf1_lstm(h0, np.full((1, 2), 0.1), np.full((1, 2), 0.1), half, 0, forget_bias=1)
# core_rnn_cell_test.py, testBasicLSTMCellWithStateTuple
assert np.allclose(c0, 0.68967271) and np.allclose(h0, 0.44848421)
assert np.allclose(c1, 0.39897051) and np.allclose(h1, 0.24024698)
show("2 x BasicLSTMCell output", h1)
show("2 x BasicLSTMCell state", np.concatenate([c0, h0, c1, h1], 1))
