"""Fitting 60 patients ever better bends the boundary round a few; new patients pay."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_breast_cancer
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

TRAIN, TEST, CALM = 60, 509, 10
FRAMES = (3, 5, 10, 20, 40, 80, 160, 320, 640)
cancer = load_breast_cancer()
features = torch.tensor(cancer.data[:, [1, 5]], dtype=torch.float32).log()
benign = torch.tensor(cancer.target, dtype=torch.float32)[:, None]

torch.manual_seed(1)
train, test = torch.randperm(len(features)).split([TRAIN, TEST])
features = (features - features[train].mean(0)) / features[train].std(0)
network = nn.Sequential(
    *(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU()),
    nn.Linear(64, 1),
)
optimizer = torch.optim.AdamW(network.parameters(), lr=5e-3, weight_decay=0)
ticks = torch.linspace(-2, 2.4, 67)
grid = torch.cartesian_prod(ticks, ticks)


def error(index):
    return ((network(features[index]) > 0) != benign[index]).float().mean().item()


errors, maps, verdicts = [], {}, {}
for epoch in range(1, FRAMES[-1] + 1):
    logits = network(features[train])
    loss = binary_cross_entropy_with_logits(logits, benign[train])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        errors.append((error(train), error(test)))
        if epoch in FRAMES:
            maps[epoch] = network(grid).reshape(67, 67).T
            verdicts[epoch] = network(features[test]) > 0
train_error, test_error = map(list, zip(*errors, strict=True))
lowest, final = min(test_error), test_error[-1]
turned = verdicts[CALM] != verdicts[FRAMES[-1]]
changed = turned.sum().item()
misjudged = (verdicts[FRAMES[-1]] != benign[test])[turned].float().mean().item()
for epoch in FRAMES:
    print(f"epoch {epoch:3}: training error {train_error[epoch - 1]:.2f}", end="")
    print(f", error on new patients {test_error[epoch - 1]:.2f}")

# %%
for epoch, surface in maps.items():
    figure, (plane, curve) = plt.subplots(
        1, 2, num=str(epoch), figsize=(6.4, 3.2), layout="constrained"
    )
    plane.contourf(ticks, ticks, surface, levels=[-1e9, 0, 1e9], colors=["C1", "C0"], alpha=0.25)
    plane.contour(ticks, ticks, surface, levels=[0], colors="0.4")
    for value, colour, marker in ((0, "C1", "x"), (1, "C0", "o")):
        chosen = train[benign[train, 0] == value]
        plane.scatter(*features[chosen].T, color=colour, marker=marker, s=16)
    plane.set(xlabel="log texture", ylabel="log compactness", xlim=(-2, 2.4), ylim=(-2, 2.4))
    curve.semilogx(range(1, epoch + 1), train_error[:epoch], label=f"{TRAIN} training")
    curve.semilogx(range(1, epoch + 1), test_error[:epoch], label=f"{TEST} new")
    curve.set(xlabel="epoch", ylabel="error", xlim=(1, FRAMES[-1]), ylim=(-0.02, 0.5))
    curve.legend(loc="upper right")
