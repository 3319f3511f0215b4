"""A temperature changes the loss and the confidence, but not a single answer."""

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

data = load_digits()
images = torch.tensor(data.data, dtype=torch.float32) / 16
labels = torch.tensor(data.target)
torch.manual_seed(0)
order = torch.randperm(len(images))
train, held_out = order[:150], order[150:]
seen = len(train)
layers = torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10)
model = torch.nn.Sequential(*layers)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for _ in range(300):
    optimizer.zero_grad()
    F.cross_entropy(model(images[train]), labels[train]).backward()
    optimizer.step()
with torch.no_grad():
    logits = model(images[held_out])
truth = labels[held_out]
TEMPERATURES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 10.0)
BINS = 6


def measure(temperature):
    """Loss, accuracy, confidence, and the accuracy of images grouped by confidence."""
    confidence, answer = (logits / temperature).softmax(1).max(1)
    right = (answer == truth).float()
    groups = confidence.argsort().tensor_split(BINS)
    points = torch.tensor([(confidence[g].mean(), right[g].mean()) for g in groups])
    loss = F.cross_entropy(logits / temperature, truth).item()
    return loss, right.mean().item(), confidence.mean().item(), points


measures = {temperature: measure(temperature) for temperature in TEMPERATURES}
losses = {temperature: m[0] for temperature, m in measures.items()}
accuracies = {temperature: m[1] for temperature, m in measures.items()}
confidences = {temperature: m[2] for temperature, m in measures.items()}
best = min(losses, key=losses.get)
best_loss = losses[best]
for temperature in (0.25, 1.0, best, 10.0):
    loss, accuracy, confidence, points = measures[temperature]
    answers = f"accuracy {accuracy:.3f} confidence {confidence:.2f}"
    print(f"T {temperature:<4} loss {loss:.2f} {answers}")

# %%
for temperature, (loss, _, _, points) in measures.items():
    figure, (left, right) = plt.subplots(1, 2, num=f"{temperature:g}", figsize=(6.4, 3.2))
    curve = {"color": "C0", "linestyle": "-", "marker": "."}
    left.semilogx(TEMPERATURES, list(losses.values()), **curve)
    left.plot(temperature, loss, "o", color="C1", markersize=9)
    left.set(xlabel="temperature $T$", ylabel="held-out loss", ylim=(0, 1.6))
    left.set_xticks([0.25, 1, 4, 10], ["1/4", "1", "4", "10"])
    right.axline((0, 0), slope=1, color="0.7", linestyle="--")
    right.plot(*points.T, color="C1", linestyle="-", marker="o")
    right.set(xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
    right.set(xlim=(0, 1.03), ylim=(0, 1.03))
    right.set(xlabel="mean confidence", ylabel="share right")
