"""The LSTM of HandWrittenLstm.java: weights gate by gate, gradients by PyTorch."""

import torch
import torch.nn.functional as F
from oracle import RandomKey, show, weights

STEPS, BATCH, INPUTS, UNITS = 3, 2, 3, 4
SHAPES = {"x": (INPUTS, UNITS), "h": (UNITS, UNITS), "bias": (1, UNITS)}
names = {f"{g}.{p}": s for g in ("input", "forget", "memory", "output") for p, s in SHAPES.items()}
w = {n: torch.tensor(v, requires_grad=True) for n, v in weights(1, 0.5, names).items()}
x = torch.tensor(RandomKey.of(2).uniform(1, STEPS * BATCH, INPUTS)).reshape(STEPS, BATCH, INPUTS)


def outputs():
    def gate(name):
        return x[t] @ w[name + ".x"] + h @ w[name + ".h"] + w[name + ".bias"]

    h = c = torch.zeros(BATCH, UNITS, dtype=torch.float64)
    all_steps = []
    for t in range(STEPS):
        c = gate("forget").sigmoid() * c + gate("input").sigmoid() * gate("memory").tanh()
        h = gate("output").sigmoid() * c.tanh()
        all_steps.append(h)
    return torch.stack(all_steps)


for step in range(3):
    loss = F.cross_entropy(outputs()[-1], torch.tensor([3, 0]))
    for weight, gradient in zip(w.values(), torch.autograd.grad(loss, w.values())):
        weight.data -= 0.5 * gradient
    print(f"step {step}, loss {loss.item():.5f}")
show("outputs by hand", outputs().detach())

lstm = torch.nn.LSTM(INPUTS, UNITS, dtype=torch.float64)
side_by_side = [torch.cat([w[f"{g}.{p}"] for g in ("input", "forget", "memory", "output")], 1) for p in SHAPES]
lstm.weight_ih_l0.data = side_by_side[0].T.contiguous()
lstm.weight_hh_l0.data = side_by_side[1].T.contiguous()
lstm.bias_ih_l0.data = side_by_side[2][0]
lstm.bias_hh_l0.data.zero_()
show("outputs of the fused layer", lstm(x)[0].detach())
