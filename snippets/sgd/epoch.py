"""On ten copies an epoch is ten times as long, so what is counted in epochs changes meaning."""

import torch
from torch.utils.data import DataLoader

n, batch, drop = 1797, 32, 10
loaders = {
    copies: DataLoader(torch.arange(n).repeat(copies), batch_size=batch, shuffle=True)
    for copies in (1, 10)
}

print("| data | 数据 | steps in an epoch | 一轮的步数 | visits | 次数 | first drop | 首次下降 |")
print("|---|---|---:|---:|---:|---:|---:|---:|")
steps, visits = {}, {}
for copies, loader in loaders.items():
    steps[copies] = len(loader)
    visits[copies] = torch.cat(list(loader)).bincount().unique().item()
    first = drop * steps[copies]
    cells = ("$S$", "10×$S$")[copies > 1], steps[copies], visits[copies], first
    print("|", " | ".join(f"{cell} | {cell}" for cell in cells), "|")
