#!/usr/bin/env python3
"""Makes the small files of PyTorch among the test resources, for PyTorchFileTest and others.

    python3 make_pytorch_files.py ../resources/dev/sluice/io/pytorch

Value i of tensor number n of a file is ((7 i + n) mod 64 - 32) / 16, which every type of real
number holds exactly, so that the tests need no tolerance. Made with PyTorch 1.13.1 as Debian's
python3-torch, which calls itself 1.13.0a0.
"""

import argparse
import collections
import pathlib
import sys
import types

import numpy
import torch
from torch import nn


def values(number, *shape, dtype=torch.float32):
    count = int(numpy.prod(shape)) if shape else 1
    flat = [((7 * i + number) % 64 - 32) / 16 for i in range(count)]
    return torch.tensor(flat, dtype=torch.float64).reshape(shape).to(dtype)


def fill(model):
    """Numbers the parameters and buffers of model and fills them; their shared ones once."""
    with torch.no_grad():
        for number, tensor in enumerate(model.state_dict().values()):
            tensor.copy_(values(number, *tensor.shape))
    return model


class Tagger(nn.Module):
    """Two LSTMs side by side that share an embedding, and a buffer."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(5, 2)
        self.left = nn.ModuleList([self.words, nn.LSTM(2, 2)])
        self.right = nn.ModuleList([self.words, nn.LSTM(2, 2, bidirectional=True)])
        self.output = nn.Linear(6, 3)
        self.register_buffer("scale", torch.zeros(3))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        embedded = self.words(tokens)
        left = self.left[1](embedded)[0]
        right = self.right[1](embedded)[0]
        return self.output(torch.cat([left, right], dim=2)) * self.scale


def state_dict():
    """Nothing but float32: PyTorchWriter writes the same pickle."""
    shapes = {
        "lstm.weight_ih_l0": (8, 3),
        "lstm.weight_hh_l0": (8, 2),
        "lstm.bias_ih_l0": (8,),
        "scalar": (),
        "empty": (0, 4),
        "three": (2, 1, 3),
        "four": (1, 2, 2, 300),
        "Größe": (0, 70000),
    }
    named = enumerate(shapes.items())
    return collections.OrderedDict((name, values(n, *shape)) for n, (name, shape) in named)


def types_and_views():
    whole = values(0, 4, 6)
    return {
        "whole": whole,
        "transposed": whole.t(),
        "part": whole[1:3, 2:5],
        "column": whole[:, 1],
        "expanded": values(4, 1).expand(3, 2),
        "scalar": whole[3, 5],
        "empty": torch.empty(0, 3),
        "parameter": nn.Parameter(values(7, 2, 2)),
        "double": values(8, 3, dtype=torch.float64),
        "half": values(9, 3, dtype=torch.float16),
        "bfloat16": values(10, 3, dtype=torch.bfloat16),
        "long": torch.tensor([-(2**40), 7]),
        "int": torch.tensor([[-7]], dtype=torch.int32),
        "short": torch.tensor([-300, 5], dtype=torch.int16),
        "char": torch.tensor([-5], dtype=torch.int8),
        "byte": torch.tensor([200], dtype=torch.uint8),
        "bool": torch.tensor([True, False]),
    }


def checkpoint():
    """What people save: the weights among much else, all of it harmless."""
    model = fill(nn.LSTM(3, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    model(torch.ones(2, 1, 3))[0].sum().backward()
    optimizer.step()
    return {
        "epoch": 3,
        "model_state_dict": fill(model).state_dict(),
        "optimizer_state_dict": optimizer.state_dict(),
        "scheduler": torch.optim.lr_scheduler.MultiStepLR(optimizer, [5, 9]).state_dict(),
        "args": argparse.Namespace(hidden=2, dropout=0.5, name="tagger"),
        "best_loss": torch.tensor(0.25),
        "callbacks": {"best_models": {"a.ckpt": torch.tensor(0.25)}},
        "best_accuracy": numpy.float64(0.875),
        "history": [(0, 0.5), (1, 0.75)],
        "shape": torch.Size([3, 2]),
        "dtype": torch.float32,
        "device": torch.device("cpu"),
        "nothing": None,
        "done": True,
        "seen": {1, 2, 3},
        "big": 2**70,
        "counts": collections.Counter("abba"),
        "groups": collections.defaultdict(list, {"a": [1]}),
        "rng_state": torch.arange(4, dtype=torch.uint8),
        "raw": b"\x00\xff",
    }


def class_of(module, name, base):
    """A class that pickles under a name of a library that is not at hand."""
    made = type(name, (base,), {"__module__": module})
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:end]), types.ModuleType(parts[end - 1]))
    setattr(sys.modules[module], name, made)
    return made


def lightning():
    """What Lightning adds to a state dict: its own dict, classes as keys, paths."""
    hyper = class_of("pytorch_lightning.utilities.parsing", "AttributeDict", dict)
    best = class_of("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint", object)
    stop = class_of("pytorch_lightning.callbacks.early_stopping", "EarlyStopping", object)
    return {
        "epoch": 3,
        "callbacks": {
            best: {"best_model_score": torch.tensor(0.25), "dirpath": pathlib.PosixPath("/models")},
            stop: {"wait_count": 0},
        },
        "state_dict": fill(nn.LSTM(3, 2)).state_dict(),
        "hyper_parameters": hyper(hidden=2, data=pathlib.PosixPath("/data")),
    }


def main(folder):
    def save(name, value, **options):
        torch.save(value, folder / name, **options)

    legacy = {"_use_new_zipfile_serialization": False}
    save("state_dict.pt", state_dict())
    save("types_and_views.pt", types_and_views())
    save("types_and_views_legacy.pt", types_and_views(), **legacy)
    save("checkpoint.pt", checkpoint())
    save("checkpoint_protocol2_legacy.pt", checkpoint(), **legacy)
    save("checkpoint_protocol5.pt", checkpoint(), pickle_protocol=5)
    save("checkpoint_protocol5_legacy.pt", checkpoint(), pickle_protocol=5, **legacy)
    two = [fill(nn.Linear(2, 1)).state_dict(), fill(nn.GRU(2, 1)).state_dict()]
    save("two_models.pt", {"nets": {"generator": two[0], "critic": two[1]}, "epoch": 3})
    save("averaged.pt", fill(torch.optim.swa_utils.AveragedModel(nn.GRU(2, 1))).state_dict())
    save("lightning.pt", lightning())
    save("whole_module.pt", nn.LSTM(3, 2))
    save("single_tensor.pt", values(0, 3))
    torch.jit.save(torch.jit.script(fill(Tagger())), str(folder / "torchscript.pt"))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
