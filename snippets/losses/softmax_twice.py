"""A softmax before CrossEntropyLoss puts a floor under the loss and slows learning."""

import math

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

data = load_digits()
images = torch.tensor(data.data, dtype=torch.float32) / 16
labels = torch.tensor(data.target)
torch.manual_seed(0)
order = torch.randperm(len(images))
train, held_out = order[:1200], order[1200:]
FLOOR = math.log(1 + 9 / math.e)
STEPS, RATE = 200, 0.1


def learn(extra_softmax):
    torch.manual_seed(0)
    layers = [torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10)]
    if extra_softmax:
        layers.append(torch.nn.Softmax(dim=1))
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=0.9)
    losses, accuracies = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images[train]), labels[train])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        with torch.no_grad():
            hits = model(images[held_out]).argmax(1) == labels[held_out]
        accuracies.append(hits.float().mean().item())
    return losses, accuracies


runs = {"logits": learn(False), "softmax twice": learn(True)}
early = {name: accuracies[49] for name, (losses, accuracies) in runs.items()}
final = {name: accuracies[-1] for name, (losses, accuracies) in runs.items()}
last_loss = {name: losses[-1] for name, (losses, accuracies) in runs.items()}

# %%
figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.2))
for name, run in runs.items():
    for axes, values in zip(panels, run, strict=True):
        axes.plot(values, label=name)
panels[0].axhline(FLOOR, color="0.5", linestyle=":")
panels[0].set(xlabel="step", ylabel="training loss", ylim=(0, 2.4))
panels[1].set(xlabel="step", ylabel="held-out accuracy", ylim=(0, 1))
panels[1].legend(loc="lower right")
