"""What the oracles share: Sluice's random numbers, TF1's LSTM in NumPy, and the printed form.

An oracle prints what an example must print, computed without Sluice:

    python3 keras_lstm.py > ../resources/dev/sluice/examples/KerasLstm.txt

They need NumPy, some need PyTorch 1.13; the build needs none of them. Where a framework's own tests publish the
number, the oracle checks itself against it.
"""

import numpy as np

MASK = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class RandomKey:
    """dev.sluice.matrix.RandomKey."""

    def __init__(self, value):
        self.value = value

    @staticmethod
    def of(seed):
        return RandomKey(mix((seed + GAMMA) & MASK))

    def fold(self, data):
        if isinstance(data, str):
            key = self.fold(len(data))
            for c in data:
                key = key.fold(ord(c))
            return key
        return RandomKey(mix((mix(self.value ^ GAMMA) + data * GAMMA) & MASK))

    def uniform(self, bound, *shape):
        """Uniform in ±bound: what Initializer.uniform(bound) fills a matrix with."""
        bits = [mix((self.value + (i + 1) * GAMMA) & MASK) >> 40 for i in range(int(np.prod(shape)))]
        u = np.array(bits, np.float32) * np.float32(2.0 ** -24)
        return ((2 * u - 1) * np.float32(bound)).reshape(shape).astype(np.float64)


def weights(seed, bound, shapes):
    """Parameters.initialize(RandomKey.of(seed)): shapes in memory order, (in, out), by name."""
    return {n: RandomKey.of(seed).fold(n).uniform(np.float32(bound), *s) for n, s in shapes.items()}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def show(name, a):
    a = np.asarray(a, np.float64)
    print(f"{name} ({', '.join(map(str, a.shape))})")
    for row in a.reshape(-1, a.shape[-1]):
        print("".join(f"{v:10.5f}" for v in row))


def lstm_weights(seed, inputs, units, name):
    """The kernel and the bias of TF1 with the numbers that an LSTM of Sluice starts with."""
    shapes = {"weight_ih": (inputs, 4 * units), "weight_hh": (units, 4 * units),
              "bias_ih": (1, 4 * units), "bias_hh": (1, 4 * units)}
    w = weights(seed, units ** -0.5, {name % n: s for n, s in shapes.items()})
    w = [tf1_order(w[name % n]) for n in shapes]
    return np.concatenate(w[:2]), (w[2] + w[3])[0]


def tf1_order(w):
    """From i, f, g, o to TF1's i, j, f, o."""
    i, f, j, o = np.split(w, 4, -1)
    return np.concatenate([i, j, f, o], -1)


def tf1_lstm(x, c, h, kernel, bias, forget_bias, activation=np.tanh):
    """One step of BasicLSTMCell: the new c and h."""
    i, j, f, o = np.split(np.concatenate([x, h], -1) @ kernel + bias, 4, -1)
    c = c * sigmoid(f + forget_bias) + sigmoid(i) * activation(j)
    return c, activation(c) * sigmoid(o)


def start(module, bound):
    """Gives the parameters of a PyTorch module the numbers that those of the same names start with in Sluice."""
    import torch

    for name, p in module.named_parameters():
        shape = p.shape if p.dim() == 2 else (len(p), 1)  # drawn in memory order, (in, out)
        p.data = torch.tensor(RandomKey.of(1).fold(name).uniform(bound(name), *shape[::-1]).T.reshape(p.shape))


def describe(module):
    """Parameters.describe(), of a PyTorch module."""
    rows = [(n, str(list(p.shape)), p.numel()) for n, p in module.named_parameters()]
    total = f"{sum(r[2] for r in rows):,}"
    names, shapes = max(len(r[0]) for r in rows), max(len(r[1]) for r in rows)
    for name, shape, count in rows + [(f"{len(rows)} parameters", "", int(total.replace(",", "")))]:
        print(f"{name:{names}}  {shape:{shapes}}  {count:{len(total)},}")
