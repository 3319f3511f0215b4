"""The validation loss turns upwards while the network learns the wrong labels."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn.functional import cross_entropy

SEEDS, EPOCHS, BATCH, NOISE, RATE = 5, 60, 40, 0.2, 3e-3
TEST, VALIDATION, TRAIN = 700, 297, 200
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SEEDS)])
test, validation, train, _ = order.split([TEST, VALIDATION, TRAIN, 600], 1)
noisy = torch.rand(train.shape) < NOISE
targets = torch.where(noisy, torch.randint(10, train.shape), labels[train])
wrong = targets != labels[train]

networks = [
    nn.Sequential(
        *(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU()),
        nn.Linear(128, 10),
    )
    for _ in range(SEEDS)
]
parameters, _ = stack_module_state(networks)
forward = vmap(lambda parameters, x: functional_call(networks[0], parameters, (x,)))
optimizer = torch.optim.AdamW(parameters.values(), lr=RATE, weight_decay=0)


def measure(index, y):
    logits = forward(parameters, images[index])
    loss = cross_entropy(logits.transpose(1, 2), y, reduction="none").mean(1)
    return loss, logits.argmax(-1) == y


history = []
for _ in range(EPOCHS):
    for batch in torch.rand(train.shape).argsort(1).split(BATCH, 1):
        loss, _ = measure(train.take_along_dim(batch, 1), targets.take_along_dim(batch, 1))
        optimizer.zero_grad()
        loss.sum().backward()
        optimizer.step()
    with torch.no_grad():
        train_loss, hit = measure(train, targets)
        loss, right = measure(validation, labels[validation])
    history.append((train_loss, loss, hit[wrong].float().mean(), right.float().mean(1)))
train_loss, validation_loss, memorised, validation_accuracy = map(
    torch.stack, zip(*history, strict=True)
)

with torch.no_grad():
    test_loss, right = measure(test, labels[test])
train_accuracy = hit.float().mean().item()
test_accuracy = right.float().mean(1)
mean, spread = test_accuracy.mean().item(), test_accuracy.std().item()
best_epochs = (validation_loss.argmin(0) + 1).tolist()
earliest, latest = min(best_epochs), max(best_epochs)
mislabelled = wrong.float().mean().item()
least_memorised, all_memorised = memorised.min().item(), memorised[-1].item()
steadfast = memorised.argmin().item() + 1
ripest = validation_accuracy.mean(1).argmax().item() + 1
peak, end = (
    validation_accuracy.mean(1)[k].item() for k in (validation_accuracy.mean(1).argmax(), -1)
)
rise = (validation_loss[-1] / validation_loss.min(0).values).mean().item()
print(f"training accuracy {train_accuracy:.2f}, test accuracy {mean:.2f} ± {spread:.2f}")
print("epoch with the lowest validation loss:", *best_epochs)

# %%
epochs = range(1, EPOCHS + 1)
figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.2), layout="constrained")
lines = (train_loss, "C0-", "training"), (validation_loss, "C1--", "validation")
for curves, line, label in lines:
    left.plot(epochs, curves, line, linewidth=0.7, alpha=0.5)
    left.plot(epochs, curves.mean(1), line, label=label)
lowest = validation_loss.mean(1).min(0)
left.plot(lowest.indices + 1, lowest.values, "o", color="C1")
left.set(xlabel="epoch", ylabel="loss", ylim=(0, 2))
left.legend()
right.plot(epochs, validation_accuracy.mean(1), "C1--", label="validation")
right.plot(epochs, memorised, "C3-", label="wrong labels learned")
right.set(xlabel="epoch", ylabel="share", ylim=(0, 1.4), yticks=(0, 0.5, 1))
right.legend(loc="upper right")
