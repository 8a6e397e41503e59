"""Two BasicLSTMCells, distinct and shared, in NumPy."""

import numpy as np
from oracle import RandomKey, lstm_weights, show, tf1_lstm

UNITS = 4


def run(name, cells):
    print(name)
    for cell in sorted(set(cells)):
        for weight in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            print(f"  rnn.{weight}_cell{cell}_l0")
    x = RandomKey.of(2).uniform(1, 3, 1, UNITS)
    for cell in cells:
        kernel, bias = lstm_weights(1, UNITS, UNITS, f"rnn.%s_cell{cell}_l0")
        c, h = np.zeros((2, 1, UNITS))
        outputs = []
        for xt in x:
            c, h = tf1_lstm(xt, c, h, kernel, bias, forget_bias=1)
            outputs.append(h)
        x = outputs
    show("outputs", np.concatenate(x))


run("distinct", [0, 1])
print("the same twice: cells 0 and 1 of the stack are the same instance of LSTM. Layers with weights of their own are"
      " instances of their own: write List.of(new ..., new ...) instead of repeating one. To share its weights on"
      " purpose, write StackedCells.shared(cell, 2)")
run("shared", [0, 0])
