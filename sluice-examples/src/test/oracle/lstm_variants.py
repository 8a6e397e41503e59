"""TF1's LSTMCell and CoupledInputForgetGateLSTMCell in NumPy, checked against TF1's own tests."""

import numpy as np
from oracle import RandomKey, show, sigmoid, weights

STEPS, BATCH, INPUTS, UNITS = 3, 2, 2, 4


def lstm_cell(x, c, h, kernel, bias, peepholes=None, coupled=False, projection=None, cell_clip=np.inf, proj_clip=np.inf):
    """One step: gates i, j, f, o (coupled: j, f, o), peepholes w_i_diag, w_f_diag, w_o_diag, forget_bias=1."""
    z = np.split(np.concatenate([x, h], 1) @ kernel + bias, 3 if coupled else 4, 1)
    i, j, f, o = [np.zeros_like(z[0])] + z if coupled else z
    w_i, w_f, w_o = peepholes or (0, 0, 0)
    f = sigmoid(f + 1 + w_f * c)
    i = 1 - f if coupled else sigmoid(i + w_i * c)
    c = np.clip(f * c + i * np.tanh(j), -cell_clip, cell_clip)
    h = sigmoid(o + w_o * c) * np.tanh(c)
    return c, h if projection is None else np.clip(h @ projection, -proj_clip, proj_clip)


# rnn_cell_test.py: WeightNormLSTMCellTest.testNonbasicCell without normalisation, testCoupledInputForgetGateLSTMCell
c, h = lstm_cell(np.ones((1, 2)), np.array([[0, 0.1]]), np.array([[0.2, 0.3]]), np.full((4, 8), 0.5), 0, [0.5] * 3)
assert np.allclose(c, [0.65937084, 0.7574988]) and np.allclose(h, [0.4792085, 0.53470564])
x = np.array([[1.0], [2], [3]]).repeat(4, 1)
c, h = lstm_cell(x, np.full((3, 2), 0.1), np.full((3, 2), 0.1), np.full((6, 6), 0.5), 0, coupled=True)
assert np.allclose(c[:, 0], [0.137523, 0.10545, 0.100742], atol=1e-6)
assert np.allclose(h[:, 0], [0.121753, 0.103349, 0.100178], atol=1e-6)


def run(name, peephole_gates="", coupled=False, projected=0, **clips):
    gates = 3 if coupled else 4
    outputs = projected or UNITS
    shapes = {"weight_ih": (INPUTS, gates * UNITS), "weight_hh": (outputs, gates * UNITS),
              "bias_ih": (1, gates * UNITS), "bias_hh": (1, gates * UNITS)}
    shapes.update({"weight_c" + gate: (1, UNITS) for gate in peephole_gates})
    if projected:
        shapes["weight_hr"] = (UNITS, projected)
    shapes = {f"lstm.{n}_l0": s for n, s in shapes.items()}
    print(name)
    for n, (rows, cols) in shapes.items():
        print(f"  {n}", [cols] if rows == 1 else [cols, rows])

    w = {n[5:-3]: v for n, v in weights(1, UNITS ** -0.5, shapes).items()}

    def tf1(v):  # from i, f, g, o to i, j, f, o
        blocks = np.split(v, gates, 1)
        return np.concatenate([blocks[k] for k in ((1, 0, 2) if coupled else (0, 2, 1, 3))], 1)

    kernel, bias = tf1(np.concatenate([w["weight_ih"], w["weight_hh"]])), tf1(w["bias_ih"] + w["bias_hh"])
    peepholes = [w.get("weight_c" + gate, 0) for gate in "ifo"]
    x = RandomKey.of(2).uniform(1, STEPS, BATCH, INPUTS)
    c, h = np.zeros((BATCH, UNITS)), np.zeros((BATCH, outputs))
    all_steps = []
    for t in range(STEPS):
        c, h = lstm_cell(x[t], c, h, kernel, bias, peepholes, coupled, w.get("weight_hr"), **clips)
        all_steps.append(h)
    show("outputs", all_steps)
    show("c", c)


run("plain")
run("peepholes", "ifo")
run("coupled gates", coupled=True)
run("projection", projected=3)
run("clips", projected=3, cell_clip=0.4, proj_clip=0.1)
run("all together", "fo", coupled=True, projected=3, cell_clip=0.3, proj_clip=0.1)
