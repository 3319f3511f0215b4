"""From equal weights plain training keeps the units equal; dropout parts them."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn

STEPS = 300
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)


def learn(p):
    torch.manual_seed(0)
    hidden = nn.Linear(64, 8)
    network = nn.Sequential(hidden, nn.ReLU(), nn.Dropout(p), nn.Linear(8, 10))
    for parameter in network.parameters():
        nn.init.constant_(parameter, 0.1)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-2)
    for _ in range(STEPS):
        loss = nn.functional.cross_entropy(network(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    network.eval()
    right = network(images).argmax(1) == labels
    return hidden.weight.detach(), right.float().mean().item()


weights, accuracy, rank = {}, {}, {}
for p in (0.0, 0.5):
    weights[p], accuracy[p] = learn(p)
    rank[p] = torch.linalg.matrix_rank(weights[p], rtol=1e-3).item()
    print(f"p = {p}: rank {rank[p]} of 8, training accuracy {accuracy[p]:.2f}")

# %%
figure, axes = plt.subplots(2, 8, figsize=(6.4, 2.1), layout="constrained")
for row, (p, rows) in zip(axes, weights.items(), strict=True):
    scale = rows.abs().max().item()
    for panel, weight in zip(row, rows, strict=True):
        panel.imshow(weight.view(8, 8).numpy(), cmap="RdBu", vmin=-scale, vmax=scale)
        panel.set(xticks=[], yticks=[])
    row[0].set_ylabel(f"p = {p}")
