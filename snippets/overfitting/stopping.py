"""Restoring the best weights helps; the patience hardly matters here."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn.functional import cross_entropy

SEEDS, EPOCHS, BATCH, NOISE = 5, 60, 40, 0.2
PATIENCES = (1, 2, 3, 5, 8, 15, 25)
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SEEDS)])
test, validation, train = order[:, :700], order[:, 700:997], order[:, 997:1197]
noisy = torch.rand(train.shape) < NOISE
targets = torch.where(noisy, torch.randint(10, train.shape), labels[train])

networks = [
    nn.Sequential(
        *(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU()),
        nn.Linear(128, 10),
    )
    for _ in range(SEEDS)
]
parameters, _ = stack_module_state(networks)
forward = vmap(lambda parameters, x: functional_call(networks[0], parameters, (x,)))
optimizer = torch.optim.AdamW(parameters.values(), lr=3e-3, weight_decay=0)


def measure(index, y):
    logits = forward(parameters, images[index])
    loss = cross_entropy(logits.transpose(1, 2), y, reduction="none").mean(1)
    return loss, (logits.argmax(-1) == y).float().mean(1)


history = []
for _ in range(EPOCHS):
    for batch in torch.rand(train.shape).argsort(1).split(BATCH, 1):
        loss, _ = measure(train.take_along_dim(batch, 1), targets.take_along_dim(batch, 1))
        optimizer.zero_grad()
        loss.sum().backward()
        optimizer.step()
    with torch.no_grad():
        loss, _ = measure(validation, labels[validation])
        history.append((loss, measure(test, labels[test])[1]))
validation_loss, test_accuracy = map(torch.stack, zip(*history, strict=True))


def stop(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best == patience:
            break
    return best, epoch


stops = {n: [stop(losses, n) for losses in validation_loss.T] for n in PATIENCES}
restored = {
    n: torch.stack([test_accuracy[best, k] for k, (best, _) in enumerate(pairs)])
    for n, pairs in stops.items()
}
accuracy = {n: x.mean().item() for n, x in restored.items()}
least, most = min(accuracy.values()), max(accuracy.values())
spread = {n: x.std().item() for n, x in restored.items()}
epochs_run = {n: sum(epoch + 1 for _, epoch in pairs) / SEEDS for n, pairs in stops.items()}
final = test_accuracy[-1].mean().item()
last = [test_accuracy[epoch, k] for k, (_, epoch) in enumerate(stops[8])]
kept_last = torch.stack(last).mean().item()
peeking = test_accuracy.max(0).values.mean().item()
inflation = peeking - accuracy[8]
print("| patience | epochs | accuracy |\n|---|---|---|")
for n in PATIENCES:
    print(f"| {n} | {epochs_run[n]:.0f} | {accuracy[n]:.2f} ± {spread[n]:.2f} |")
print(f"| ∞ | {EPOCHS} | {final:.2f} ± {test_accuracy[-1].std().item():.2f} |")

# %%
epochs = torch.arange(1, EPOCHS + 1)
for n, pairs in stops.items():
    figure, axes = plt.subplots(num=str(n), figsize=(6.4, 3.2))
    for network, (best, last) in enumerate(pairs[:3]):
        losses, colour = validation_loss[:, network], f"C{network}"
        axes.plot(epochs, losses, color="0.75", linestyle="-", linewidth=0.8)
        axes.plot(epochs[: last + 1], losses[: last + 1], color=colour, linestyle="-")
        axes.plot(last + 1, losses[last], "x", color=colour, markersize=9)
        axes.plot(best + 1, losses[best], "o", color=colour)
    axes.plot([], [], "o", color="0.4", label="best: restored")
    axes.plot([], [], "x", color="0.4", label="stopped")
    axes.set(xlabel="epoch", ylabel="validation loss", xlim=(0, 61), ylim=(0.4, 1.6))
    axes.legend(loc="upper right")
