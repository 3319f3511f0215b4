"""A network fits random labels too, and then knows nothing."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn.functional import cross_entropy

SEEDS, EPOCHS, BATCH, TRAIN, GOAL = 5, 80, 40, 200, 0.95
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SEEDS)]).repeat(2, 1)
test, train = order[:, :700], order[:, 997 : 997 + TRAIN]
targets = torch.cat([labels[train[:SEEDS]], torch.randint(10, (SEEDS, TRAIN))])

networks = [
    nn.Sequential(
        *(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU()),
        nn.Linear(128, 10),
    )
    for _ in order
]
parameters, _ = stack_module_state(networks)
forward = vmap(lambda parameters, x: functional_call(networks[0], parameters, (x,)))
optimizer = torch.optim.AdamW(parameters.values(), lr=3e-3, weight_decay=0)


def accuracy(index, y):
    with torch.no_grad():
        right = forward(parameters, images[index]).argmax(-1) == y
    return right.float().mean(1).view(2, SEEDS)


fitted = []
for _ in range(EPOCHS):
    for batch in torch.rand(train.shape).argsort(1).split(BATCH, 1):
        logits = forward(parameters, images[train.take_along_dim(batch, 1)])
        y = targets.take_along_dim(batch, 1)
        loss = cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum") / BATCH
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    fitted.append(accuracy(train, targets))
fitted = torch.stack(fitted)

tested = accuracy(test, labels[test])
names = ("true labels", "random labels")
training = {name: fitted[-1, row].mean().item() for row, name in enumerate(names)}
testing = {name: tested[row].mean().item() for row, name in enumerate(names)}
spread = {name: tested[row].std().item() for row, name in enumerate(names)}
epochs_to_goal = {
    name: 1 + int((fitted[:, row].mean(1) >= GOAL).int().argmax()) for row, name in enumerate(names)
}
weights = sum(parameter[0].numel() for parameter in parameters.values())
for name in names:
    print(f"{name}: training accuracy {training[name]:.2f}", end="")
    print(f", test accuracy {testing[name]:.2f} ± {spread[name]:.2f}")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.2))
for row, name in enumerate(names):
    axes.plot(range(1, EPOCHS + 1), fitted[:, row].mean(1), label=f"training, {name}")
    axes.axhline(testing[name], color=f"C{row}", linestyle=":", label=f"test, {name}")
axes.set(xlabel="epoch", ylabel="accuracy", ylim=(0, 1.03))
axes.legend()
