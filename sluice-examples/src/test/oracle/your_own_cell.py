"""nn.LSTM of PyTorch in float32: every parameter 0.5, x, h and c all 1."""

import torch

lstm = torch.nn.LSTM(10, 20)
for parameter in lstm.parameters():
    parameter.data.fill_(0.5)
output, (h, c) = lstm(torch.ones(1, 1, 10), (torch.ones(1, 1, 20), torch.ones(1, 1, 20)))
for name in ("MyLSTM", "LSTM"):
    print(f"{name}, {sum(p.numel() for p in lstm.parameters())} numbers")
    for part, v in (("output", output), ("h", h), ("c", c)):
        print(f"{part} (1, 20) [{', '.join(f'{u:.9f}' for u in v.unique())}]")
