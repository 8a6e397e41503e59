#!/usr/bin/env python3
"""Records a few steps of training with PyTorch, for TrainingStepsTest.

A tiny classifier of token sequences: Embedding -> LSTM of two bidirectional layers over packed
sequences of different lengths -> last layer's h_n, forward beside backward -> Linear ->
cross_entropy. From the same first weights it takes five steps with each of PyTorch's optimizers
below, called as Sluice calls them, after clip_grad_norm_ or clip_grad_value_. Everything is computed in
float64; the first weights are float32 numbers, so that a float32 library starts from the same ones.

    python3 record_training.py > ../resources/golden/training/steps.json

The weights come from Python's own generator, seeded by the parameter's name: the same on every
machine. Recorded with PyTorch 1.13.1 as Debian's python3-torch, which calls itself 1.13.0a0.
"""

import json
import random
import sys

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

VOCABULARY, WIDTH, HIDDEN, CLASSES = 7, 3, 4, 3
SEQUENCES = [[3, 1, 4], [1, 5, 2, 6, 5], [3], [5, 2, 0, 6]]
TARGETS = [2, 2, 0, 0]
STEPS = 5
CLIP = 1.0
CLIP_VALUE = 0.05


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.lstm = nn.LSTM(WIDTH, HIDDEN, num_layers=2, bidirectional=True)
        self.dense = nn.Linear(2 * HIDDEN, CLASSES)

    def forward(self, tokens, lengths):
        packed = pack_padded_sequence(self.embedding(tokens), lengths, enforce_sorted=False)
        _, (h_n, _) = self.lstm(packed)
        return self.dense(torch.cat([h_n[-2], h_n[-1]], dim=1))


def first_weights(model):
    """Uniform in +-2.5, rounded to float32: with these some steps are clipped and others are not."""
    for name, parameter in model.named_parameters():
        generator = random.Random(name)
        numbers = [generator.uniform(-2.5, 2.5) for _ in range(parameter.numel())]
        parameter.data = torch.tensor(numbers, dtype=torch.float32).reshape(parameter.shape)
    return model.double()


def numbers(model):
    return {name: p.detach().tolist() for name, p in model.named_parameters()}


RUNS = [
    # Sluice's text, learning rate, PyTorch's optimizer, label smoothing, what clips
    ("adam", 0.01, torch.optim.Adam, {}, 0, "norm"),
    ("sgd", 0.1, torch.optim.SGD, {}, 0, "norm"),
    ("sgd(weight_decay=0.1)", 0.1, torch.optim.SGD, {"weight_decay": 0.1}, 0.2, "norm"),
    (
        "sgd(momentum=0.9, weight_decay=0.05)",
        0.1,
        torch.optim.SGD,
        {"momentum": 0.9, "weight_decay": 0.05},
        0,
        "value",
    ),
    (
        "sgd(0.8, nesterov=true)",
        0.1,
        torch.optim.SGD,
        {"momentum": 0.8, "nesterov": True},
        0,
        "norm",
    ),
    (
        "adam(beta1=0.8, beta2=0.99, epsilon=0.001, weight_decay=0.1)",
        0.02,
        torch.optim.Adam,
        {"betas": (0.8, 0.99), "eps": 0.001, "weight_decay": 0.1},
        0,
        "norm",
    ),
    ("adamw(weight_decay=0.1)", 0.02, torch.optim.AdamW, {"weight_decay": 0.1}, 0.1, "norm"),
    ("adamw", 0.02, torch.optim.AdamW, {}, 0, "norm"),
    # with PyTorch's eps of 1e-8 the sign of a gradient of about 0 decides a whole step
    ("rmsprop(epsilon=0.001)", 0.01, torch.optim.RMSprop, {"eps": 0.001}, 0, "norm"),
    (
        "rmsprop(alpha=0.9, epsilon=0.01, momentum=0.5, weight_decay=0.05)",
        0.01,
        torch.optim.RMSprop,
        {"alpha": 0.9, "eps": 0.01, "momentum": 0.5, "weight_decay": 0.05},
        0,
        "norm",
    ),
    ("adagrad", 0.02, torch.optim.Adagrad, {}, 0, "norm"),
    (
        "adagrad(initial=0.1, epsilon=0.01, weight_decay=0.05)",
        0.1,
        torch.optim.Adagrad,
        {"initial_accumulator_value": 0.1, "eps": 0.01, "weight_decay": 0.05},
        0,
        "norm",
    ),
]


def train(rate, optimizer_class, arguments, smoothing, clip):
    """Losses and gradient norms of each step, and the weights after the last."""
    model = first_weights(Classifier())
    optimizer = optimizer_class(model.parameters(), lr=rate, **arguments)
    lengths = torch.tensor([len(s) for s in SEQUENCES])
    tokens = torch.zeros(int(lengths.max()), len(SEQUENCES), dtype=torch.long)
    for b, sequence in enumerate(SEQUENCES):
        tokens[: len(sequence), b] = torch.tensor(sequence)
    losses, norms = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(
            model(tokens, lengths), torch.tensor(TARGETS), label_smoothing=smoothing
        )
        loss.backward()
        limit = CLIP if clip == "norm" else float("inf")
        norm = nn.utils.clip_grad_norm_(model.parameters(), limit)
        if clip == "value":
            nn.utils.clip_grad_value_(model.parameters(), CLIP_VALUE)
        optimizer.step()
        losses.append(loss.item())
        norms.append(norm.item())
    return {
        "learning_rate": rate,
        "label_smoothing": smoothing,
        "clip_by": clip,
        "losses": losses,
        "norms": norms,
        "weights": numbers(model),
    }


def main():
    torch.set_num_threads(1)
    record = {
        "origin": f"record_training.py with PyTorch {torch.__version__}, float64",
        "sequences": SEQUENCES,
        "targets": TARGETS,
        "clip": CLIP,
        "first_weights": numbers(first_weights(Classifier())),
        "clip_value": CLIP_VALUE,
        "runs": {text: train(*how) for text, *how in RUNS},
    }
    json.dump(record, sys.stdout)
    print()


if __name__ == "__main__":
    main()
