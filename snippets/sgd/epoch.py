"""On ten copies an epoch is ten times as long, and what is counted in epochs shifts."""

import torch
from torch.utils.data import DataLoader

n, batch, drop = 1797, 32, 10
steps, visits = {}, {}
print("| data | steps in an epoch | visits | first drop |")
print("|---|---:|---:|---:|")
for copies, name in ((1, "$S$"), (10, "10×$S$")):
    loader = DataLoader(torch.arange(n).repeat(copies), batch_size=batch, shuffle=True)
    steps[copies] = len(loader)
    visits[copies] = torch.cat(list(loader)).bincount().unique().item()
    print(f"| {name} | {steps[copies]} | {visits[copies]} | {drop * steps[copies]} |")
