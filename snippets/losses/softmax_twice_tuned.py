"""At its best rate a second softmax still learns slowly; given time it catches up."""

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

data = load_digits()
images = torch.tensor(data.data, dtype=torch.float32) / 16
labels = torch.tensor(data.target)
CHECKS, SEEDS = (50, 100, 200, 400), 3
RATES = {"logits": (0.25, 0.5, 1.0, 2.0), "softmax twice": (2.0, 4.0, 8.0, 16.0)}


def learn(twice, rate, seed):
    """Validation and test accuracy at each check."""
    torch.manual_seed(seed)
    train, *rest = torch.randperm(len(images)).split([1000, 397, 400])
    layers = torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10)
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    accuracies = []
    for step in range(1, CHECKS[-1] + 1):
        batch = train[torch.randint(len(train), (64,))]
        logits = model(images[batch])
        optimizer.zero_grad()
        F.cross_entropy(logits.softmax(1) if twice else logits, labels[batch]).backward()
        optimizer.step()
        if step in CHECKS:
            with torch.no_grad():
                hits = model(images).argmax(1) == labels
            accuracies.append([hits[part].float().mean().item() for part in rest])
    return accuracies


means, spreads, chosen = {}, {}, {}
for name, rates in RATES.items():
    twice = name == "softmax twice"
    tries = [[learn(twice, rate, seed) for seed in range(SEEDS)] for rate in rates]
    runs = torch.tensor(tries)
    validation, test = runs.unbind(-1)
    best = validation.mean(1).argmax(0)
    picked = test[best, :, torch.arange(len(CHECKS))]
    means[name], spreads[name] = picked.mean(1), picked.std(1)
    chosen[name] = [rates[index] for index in best]
headers = "logits: rate | logits: test accuracy | twice: rate | twice: test accuracy"
print(f"| steps | {headers} |")
print("|---|---|---|---|---|")
for index, steps in enumerate(CHECKS):
    cells = (
        f"{chosen[name][index]:g} | {means[name][index]:.3f} ± {spreads[name][index]:.3f}"
        for name in RATES
    )
    print(f"| {steps} |", " | ".join(cells), "|")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3))
for name in RATES:
    axes.errorbar(CHECKS, means[name], spreads[name], marker="o", capsize=3, label=name)
axes.set(xscale="log", xlabel="steps", ylabel="test accuracy", ylim=(0.5, 1))
axes.set_xticks(CHECKS, CHECKS)
axes.minorticks_off()
axes.legend(loc="lower right")
