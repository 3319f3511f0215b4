"""Fitting 60 patients ever better bends the boundary round a few; new patients pay."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_breast_cancer
from torch.nn.functional import binary_cross_entropy_with_logits

SPLITS, TRAIN, WIDTH = 12, 60, 32
FRAMES = (5, 10, 20, 40, 80, 160, 320, 640)
torch.set_default_dtype(torch.float64)
cancer = load_breast_cancer()
features = torch.tensor(cancer.data[:, [1, 5]]).log()
# one scale for all patients, so that one map fits; for a program to use: training rows only
features = (features - features.mean(0)) / features.std(0)
benign = torch.tensor(cancer.target)[:, None].double()

torch.manual_seed(1)
order = torch.stack([torch.randperm(len(features)) for _ in range(SPLITS)])
train, test = order[:, :TRAIN], order[:, TRAIN:]
parameters = [
    ((torch.rand(SPLITS, rows, fan_out) * 2 - 1) / fan_in**0.5).requires_grad_()
    for fan_in, fan_out in ((2, WIDTH), (WIDTH, WIDTH), (WIDTH, 1))
    for rows in (fan_in, 1)
]
optimizer = torch.optim.AdamW(parameters, lr=1e-2, weight_decay=0, fused=True)
ticks = torch.linspace(-2, 2.4, 45)
grid = torch.cartesian_prod(ticks, ticks).expand(SPLITS, -1, -1)


def forward(x):
    for weight, bias in (parameters[:2], parameters[2:4]):
        x = torch.baddbmm(bias, x, weight).relu()
    return torch.baddbmm(parameters[5], x, parameters[4])


def error(index):
    return ((forward(features[index]) > 0) != benign[index]).double().mean().item()


train_error, test_error, maps = {}, {}, {}
for epoch in range(1, FRAMES[-1] + 1):
    loss = SPLITS * binary_cross_entropy_with_logits(forward(features[train]), benign[train])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if epoch in FRAMES:
        with torch.no_grad():
            train_error[epoch], test_error[epoch] = error(train), error(test)
            maps[epoch] = forward(grid)[0].view(45, 45).T
lowest, final = min(test_error.values()), test_error[FRAMES[-1]]

# %%
for epoch, surface in maps.items():
    figure, (plane, curve) = plt.subplots(
        1, 2, num=str(epoch), figsize=(6.4, 3.2), layout="constrained"
    )
    plane.contourf(ticks, ticks, surface, levels=[-1e9, 0, 1e9], colors=["C1", "C0"], alpha=0.25)
    for value, colour, marker in ((0, "C1", "x"), (1, "C0", "o")):
        chosen = train[0][benign[train[0], 0] == value]
        plane.scatter(*features[chosen].T, color=colour, marker=marker, s=16)
    plane.set(xlabel="log texture", ylabel="log compactness", xlim=(-2, 2.4), ylim=(-2, 2.4))
    curve.semilogx(FRAMES, train_error.values(), "C0-", label="training")
    curve.semilogx(FRAMES, test_error.values(), "C1--", label="new patients")
    curve.plot([epoch] * 2, [train_error[epoch], test_error[epoch]], "o", color="black")
    curve.set(xlabel="epoch", ylabel="error", ylim=(-0.02, 0.5))
    curve.set_xticks(FRAMES[::2], FRAMES[::2])
    curve.minorticks_off()
    curve.legend(loc="upper right")
