"""Two BasicLSTMCells as TF1 has them, over sequences of different lengths, in NumPy."""

import numpy as np
from oracle import RandomKey, lstm_weights, show, tf1_lstm

INPUTS, UNITS, STEPS, LENGTHS = 3, (5, 4), 4, (2, 4, 3)
x = RandomKey.of(2).uniform(1, len(LENGTHS), STEPS, INPUTS)
states = []
for layer, units in enumerate(UNITS):
    kernel, bias = lstm_weights(1, x.shape[2], units, f"rnn.%s_cell{layer}_l0")
    outputs = np.zeros((len(LENGTHS), STEPS, units))
    c, h = np.zeros((2, len(LENGTHS), units))
    for b, length in enumerate(LENGTHS):
        for t in range(length):  # dynamic_rnn: outputs past the length are zero, the state is held
            c[b], h[b] = tf1_lstm(x[b, t], c[b], h[b], kernel, bias, forget_bias=1)
            outputs[b, t] = h[b]
    states.append((c, h))
    x = outputs
show("outputs", outputs)
show("last outputs", states[-1][1])
for layer, (c, h) in enumerate(states):
    show(f"c of layer {layer}", c)
    show(f"h of layer {layer}", h)
show("c of layer 0 while training", states[0][0])  # dropout on outputs leaves the state alone
