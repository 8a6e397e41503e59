"""nn.LSTM, nn.GRU and nn.RNN of PyTorch, with the numbers that Sluice starts with."""

import torch
from oracle import RandomKey, show
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

INPUTS, UNITS, STEPS, LENGTHS = 3, 4, 4, (2, 4, 3)
x = torch.tensor(RandomKey.of(2).uniform(1, len(LENGTHS), STEPS, INPUTS))


def module(kind, **settings):
    layers = kind(INPUTS, UNITS, batch_first=True, dtype=torch.float64, **settings)
    for name, p in layers.named_parameters():
        shape = p.shape if p.dim() == 2 else (len(p), 1)
        p.data = torch.tensor(RandomKey.of(1).fold(name).uniform(UNITS ** -0.5, *shape[::-1]).T.reshape(p.shape))
    return layers


def describe(layers):
    rows = [(n, str(list(p.shape)), p.numel()) for n, p in layers.named_parameters()]
    total = f"{sum(r[2] for r in rows):,}"
    names, shapes = max(len(r[0]) for r in rows), max(len(r[1]) for r in rows)
    for name, shape, count in rows + [(f"{len(rows)} parameters", "", int(total.replace(",", "")))]:
        print(f"{name:{names}}  {shape:{shapes}}  {count:{len(total)},}")


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
