"""Decay shrinks the weights; validation accuracy rises, peaks and collapses."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn.functional import cross_entropy

SEEDS, EPOCHS, BATCH, NOISE, RATE = 5, 60, 40, 0.2, 3e-3
DECAYS = (0.0, 0.01, 0.1, 0.3, 1.0, 3.0, 10.0)
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SEEDS)])
validation, train = order[:, 700:997], order[:, 997:1197]
noisy = torch.rand(train.shape) < NOISE
targets = torch.where(noisy, torch.randint(10, train.shape), labels[train])
validation, train, targets = (x.repeat(len(DECAYS), 1) for x in (validation, train, targets))

networks = [
    nn.Sequential(
        *(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU()),
        nn.Linear(128, 10),
    )
    for _ in train
]
parameters, _ = stack_module_state(networks)
forward = vmap(lambda parameters, x: functional_call(networks[0], parameters, (x,)))
optimizer = torch.optim.AdamW(parameters.values(), lr=RATE, weight_decay=0, fused=True)
keep = 1 - RATE * torch.tensor(DECAYS).repeat_interleave(SEEDS)

for _ in range(EPOCHS):
    for batch in torch.rand(train.shape).argsort(1).split(BATCH, 1):
        logits = forward(parameters, images[train.take_along_dim(batch, 1)])
        y = targets.take_along_dim(batch, 1)
        loss = cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum") / BATCH
        optimizer.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in parameters.values():
                parameter.mul_(keep.view(-1, *[1] * (parameter.ndim - 1)))
        optimizer.step()

with torch.no_grad():
    logits = forward(parameters, images[validation])
    right = logits.argmax(-1) == labels[validation]
    entropy = cross_entropy(logits.transpose(1, 2), labels[validation], reduction="none")
    fit = forward(parameters, images[train]).argmax(-1) == targets


def by_decay(values):
    return dict(
        zip(DECAYS, values.float().view(len(DECAYS), SEEDS, -1).mean((1, 2)).tolist(), strict=True)
    )


accuracy, loss, fit = by_decay(right), by_decay(entropy), by_decay(fit)
spreads = right.float().mean(1).view(-1, SEEDS).std(1).tolist()
spread = dict(zip(DECAYS, spreads, strict=True))
squares = [part.detach().square().flatten(1).sum(1) for part in parameters.values()]
norm = by_decay(sum(squares))
best, lowest = max(accuracy, key=accuracy.get), min(loss, key=loss.get)
best_accuracy = accuracy[best]
print("| decay | training | validation | loss | squared norm |\n|---|---|---|---|---|")
for decay in DECAYS:
    cells = f"{fit[decay]:.2f} | {accuracy[decay]:.2f} ± {spread[decay]:.2f}"
    print(f"| {decay:g} | {cells} | {loss[decay]:.2f} | {norm[decay]:.0f} |")

# %%
weights = parameters["2.weight"].detach().view(len(DECAYS), -1)
for row, decay in enumerate(DECAYS):
    figure, (left, right) = plt.subplots(
        1, 2, num=f"{decay:g}", figsize=(6.4, 3.2), layout="constrained"
    )
    left.hist(weights[row], bins=torch.linspace(-0.5, 0.5, 51), density=True, color="C0")
    left.set(xlabel="weight, second layer", ylabel="density", xlim=(-0.5, 0.5), ylim=(0, 16))
    for curve, label in ((fit, "training"), (accuracy, "validation")):
        right.plot(curve.values(), label=label)
        right.plot(row, curve[decay], "o", color="black")
    right.set(xlabel=r"weight decay $\lambda$", ylabel="accuracy", ylim=(0, 1.03))
    right.set_xticks(range(len(DECAYS)), [f"{decay:g}" for decay in DECAYS])
    right.legend(loc="lower left")
