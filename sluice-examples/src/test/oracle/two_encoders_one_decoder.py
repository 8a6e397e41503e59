"""Two encoders and a decoder with PyTorch's modules."""

import torch
import torch.nn.functional as F
from oracle import RandomKey, describe, show, start
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

INPUTS, LOCAL, GLOBAL = 3, 4, 2


def sequences(name):
    """Of lengths 2 and 3, in the order in which they are packed: the longer one first."""
    x = torch.tensor(RandomKey.of(2).fold(name).uniform(1, 5, INPUTS))
    return PackedSequence(x, torch.tensor([2, 2, 1]), torch.tensor([1, 0]), torch.tensor([1, 0]))


def run(name, kind):
    model = torch.nn.ModuleDict({
        "local": kind(INPUTS, LOCAL, 2),
        "global": kind(INPUTS, GLOBAL, 2),
        "decoder": kind(LOCAL + GLOBAL, LOCAL + GLOBAL, 2),
        "classes": torch.nn.Linear(LOCAL + GLOBAL, 3)}).double()
    start(model, bound=lambda n: {"local": LOCAL, "global": GLOBAL}.get(n.split(".")[0], LOCAL + GLOBAL) ** -0.5)
    print(name)
    describe(model)
    for step in range(3):
        one, one_state = model["local"](sequences("local"))
        other, other_state = model["global"](sequences("global"))
        if kind is torch.nn.LSTM:
            state = tuple(torch.cat(parts, -1) for parts in zip(one_state, other_state))
        else:
            state = torch.cat([one_state, other_state], -1)
        outputs = one._replace(data=torch.cat([one.data, other.data], -1))
        if step == 0:
            for layer in range(2):
                for part in state if kind is torch.nn.LSTM else (state,):
                    show("fused state", part[layer].detach())
            padded, lengths = pad_packed_sequence(outputs)
            show("fused last outputs", padded[lengths - 1, torch.arange(2)].detach())
        decoded, _ = model["decoder"](outputs, state)
        padded, lengths = pad_packed_sequence(decoded)
        loss = F.cross_entropy(model["classes"](padded[lengths - 1, torch.arange(2)]), torch.tensor([2, 0]))
        model.zero_grad()
        loss.backward()
        torch.optim.SGD(model.parameters(), 0.5).step()
        print(f"step {step}, loss {loss.item():.5f}")


run("LSTM", torch.nn.LSTM)
run("GRU", torch.nn.GRU)
run("RNN", torch.nn.RNN)
