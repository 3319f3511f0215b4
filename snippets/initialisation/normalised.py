"""With batch normalisation every random start trains ten layers with SGD."""

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

DEPTH, WIDTH, BATCH, STEPS = 10, 32, 64, 100
RATES = (0.01, 0.03, 0.1, 0.3)
STARTS = {
    "std 1": nn.init.normal_,
    "default": None,
    "Kaiming": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
}

digits = load_digits()
labels = torch.tensor(digits.target)
shuffled = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
train, held, test = shuffled.split([1000, 400, 397])
pixels = torch.tensor(digits.data, dtype=torch.float32)
images = (pixels - pixels[train].mean()) / pixels[train].std()


def accuracies(fill, norm, rate):
    torch.manual_seed(0)
    model = nn.Sequential()
    for inputs in [64] + [WIDTH] * (DEPTH - 1):
        model.extend([nn.Linear(inputs, WIDTH), norm(WIDTH), nn.ReLU()])
    model.append(nn.Linear(WIDTH, 10))
    for layer in model[::3] if fill else []:
        fill(layer.weight)
        nn.init.zeros_(layer.bias)
    options = {"lr": rate, "momentum": 0.9, "fused": True}
    optimizer = torch.optim.SGD(model.parameters(), **options)
    for _ in range(STEPS):
        rows = train[torch.randint(len(train), (BATCH,))]
        optimizer.zero_grad()
        F.cross_entropy(model(images[rows]), labels[rows]).backward()
        optimizer.step()
    model.eval()
    hits = model(images).argmax(1) == labels
    return hits[held].float().mean().item(), hits[test].float().mean().item()


plain, normalised = {}, {}
print("| start | plain | BatchNorm |\n|---|---|---|")
for start, fill in STARTS.items():
    name = "one" if "1" in start else start
    for kept, norm in ((plain, nn.Identity), (normalised, nn.BatchNorm1d)):
        tried = [accuracies(fill, norm, rate) for rate in RATES]
        kept[name] = max(tried, key=lambda pair: pair[0])[1]
    print(f"| {start} | {plain[name]:.2f} | {normalised[name]:.2f} |")
