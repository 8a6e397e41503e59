"""Two streams through nn.LSTM and nn.Linear, each as one whole sequence, with the numbers that Sluice starts with."""

import torch
from oracle import RandomKey, show, start

INPUTS, UNITS, STEPS = 3, 4, 6


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(INPUTS, UNITS, num_layers=2, batch_first=True, dtype=torch.float64)
        self.dense = torch.nn.Linear(UNITS, 2, dtype=torch.float64)


network = Network()
start(network, bound=lambda name: UNITS ** -0.5)
x = torch.stack([torch.tensor(RandomKey.of(seed).uniform(1, STEPS, INPUTS)) for seed in (2, 3)])
a, b = network.dense(network.lstm(x)[0]).detach()
for t in range(3):
    show(f"stream a, step {t}", a[t:t + 1])
for t in range(3):
    show(f"streams a, step {3 + t}, and b, step {t}", torch.stack([a[3 + t], b[t]]))
