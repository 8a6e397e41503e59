"""nn.LSTM, nn.GRU and nn.RNN of PyTorch, with the numbers that Sluice starts with."""

import torch
from oracle import RandomKey, describe, show, start
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

INPUTS, UNITS, STEPS, LENGTHS = 3, 4, 4, (2, 4, 3)
x = torch.tensor(RandomKey.of(2).uniform(1, len(LENGTHS), STEPS, INPUTS))


def module(kind, **settings):
    layers = kind(INPUTS, UNITS, batch_first=True, dtype=torch.float64, **settings)
    start(layers, bound=lambda name: UNITS ** -0.5)
    return layers


def run(layers):
    packed = pack_padded_sequence(x, LENGTHS, batch_first=True, enforce_sorted=False)
    output, state = layers(packed)
    show("output", pad_packed_sequence(output, batch_first=True)[0].detach())
    for name, part in zip(("h_n", "c_n"), state if isinstance(state, tuple) else (state,)):
        show(name, part.detach())


lstm = module(torch.nn.LSTM, num_layers=2, bidirectional=True)
describe(lstm)
run(lstm)
print("from the file")
run(lstm)
for name, layers in (("GRU", module(torch.nn.GRU, num_layers=2)), ("RNN", module(torch.nn.RNN, num_layers=2)),
                     ("RNN, nonlinearity relu", module(torch.nn.RNN, nonlinearity="relu"))):
    print(name)
    run(layers)
