"""Dropout raises the accuracy; without eval() most of the gain is lost again."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn.functional import cross_entropy

SEEDS, EPOCHS, BATCH, NOISE = 5, 60, 40, 0.2
CHANCES = (0.0, 0.2, 0.5, 0.8)
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SEEDS)])
validation, train = order[:, 700:997], order[:, 997:1197]
noisy = torch.rand(train.shape) < NOISE
targets = torch.where(noisy, torch.randint(10, train.shape), labels[train])


def network(p):
    return nn.Sequential(
        *(nn.Linear(64, 128), nn.ReLU(), nn.Dropout(p)),
        *(nn.Linear(128, 128), nn.ReLU(), nn.Dropout(p)),
        nn.Linear(128, 10),
    )


def learn(p):
    networks = [network(p) for _ in range(SEEDS)]
    parameters, _ = stack_module_state(networks)
    model = networks[0]
    forward = vmap(
        lambda parameters, x: functional_call(model, parameters, (x,)),
        randomness="different",
    )
    options = {"lr": 3e-3, "weight_decay": 0, "fused": True}
    optimizer = torch.optim.AdamW(parameters.values(), **options)
    for _ in range(EPOCHS):
        for batch in torch.rand(train.shape).argsort(1).split(BATCH, 1):
            logits = forward(parameters, images[train.take_along_dim(batch, 1)])
            y = targets.take_along_dim(batch, 1)
            loss = cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum") / BATCH
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def accuracy(index, y):
        with torch.no_grad():
            return (forward(parameters, images[index]).argmax(-1) == y).float().mean(1)

    forgotten = accuracy(validation, labels[validation])
    model.eval()
    return accuracy(train, targets), accuracy(validation, labels[validation]), forgotten


results = {p: torch.stack(learn(p)) for p in CHANCES}
names = ("training", "validation", "forgotten")
accuracy, spread = {}, {}
for p, rows in results.items():
    accuracy[p] = dict(zip(names, rows.mean(1).tolist(), strict=True))
    spread[p] = dict(zip(names, rows.std(1).tolist(), strict=True))
best = max(CHANCES, key=lambda p: accuracy[p]["validation"])
print("| p | training | validation | forgotten |\n|---|---|---|---|")
for p in CHANCES:
    cells = (f"{accuracy[p][name]:.2f} ± {spread[p][name]:.2f}" for name in names)
    print(f"| {p} |", " | ".join(cells), "|")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.2))
for row, label in enumerate(("training", "validation", "validation, eval() forgotten")):
    height = torch.stack([x[row] for x in results.values()])
    axes.errorbar(CHANCES, height.mean(1), height.std(1), marker="o", capsize=3, label=label)
axes.set(xlabel="dropout probability p", ylabel="accuracy", ylim=(0, 1.03))
axes.legend(loc="lower left")
