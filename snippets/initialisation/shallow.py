"""Two hidden layers deep the default, Xavier and Kaiming tie."""

from itertools import pairwise

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

WIDTH, SEEDS, BATCH, STEPS = 32, 3, 64, 150
RATES = {
    "SGD": (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3),
    "Adam": (0.001, 0.003, 0.01, 0.03, 0.1),
}
STARTS = {
    "constant 0.1": lambda weight: nn.init.constant_(weight, 0.1),
    "std 1": nn.init.normal_,
    "std 0.01": lambda weight: nn.init.normal_(weight, std=0.01),
    "default": None,
    "Xavier": nn.init.xavier_normal_,
    "Kaiming": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
}

digits = load_digits()
labels = torch.tensor(digits.target)
shuffled = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
train, held, test = shuffled.split([1000, 400, 397])
pixels = torch.tensor(digits.data, dtype=torch.float32)
images = (pixels - pixels[train].mean()) / pixels[train].std()


def network(fill):
    layers = [nn.Linear(*pair) for pair in pairwise((64, WIDTH, WIDTH, 10))]
    for layer in layers if fill else []:
        fill(layer.weight)
        nn.init.zeros_(layer.bias)
    return layers


def trained(method, rate):
    torch.manual_seed(0)
    models = [network(fill) for fill in STARTS.values() for _ in range(SEEDS)]
    stacks = [
        torch.stack([part.detach() for part in parts]).requires_grad_()
        for layers in zip(*models, strict=True)
        for parts in (
            [layer.bias[None] for layer in layers],
            [layer.weight.T for layer in layers],
        )
    ]
    options = {"momentum": 0.9} if method == "SGD" else {}
    optimizer = getattr(torch.optim, method)
    optimizer = optimizer(stacks, lr=rate, fused=True, **options)

    def logits(rows):
        signal = images[rows].expand(len(models), -1, -1)
        for bias, weight in zip(stacks[:-2:2], stacks[1:-2:2], strict=True):
            signal = F.relu(torch.baddbmm(bias, signal, weight))
        return torch.baddbmm(stacks[-2], signal, stacks[-1])

    for _ in range(STEPS):
        rows = train[torch.randint(len(train), (BATCH,))]
        optimizer.zero_grad()
        targets = labels[rows].repeat(len(models))
        loss = F.cross_entropy(logits(rows).flatten(0, 1), targets)
        (loss * len(models)).backward()
        optimizer.step()
    with torch.no_grad():
        hits = [logits(rows).argmax(-1) == labels[rows] for rows in (held, test)]
    return torch.stack([hit.float().mean(1) for hit in hits]).view(2, -1, SEEDS)


names = {"constant 0.1": "constant", "std 1": "one", "std 0.01": "small"}
accuracy, chosen, cells = {}, {}, {start: [] for start in STARTS}
for method, rates in RATES.items():
    scores = torch.stack([trained(method, rate) for rate in rates])
    held_out, final = scores.unbind(1)
    accuracy[method], chosen[method] = {}, {}
    for row, start in enumerate(STARTS):
        best = held_out[:, row].mean(1).argmax().item()
        mean, spread = final[best, row].mean().item(), final[best, row].std()
        name = names.get(start, start)
        accuracy[method][name], chosen[method][name] = mean, rates[best]
        cells[start].append(f"{mean:.2f} ± {spread:.2f} ({rates[best]})")
usual = ("default", "Xavier", "Kaiming")
tied = [[part[start] for start in usual] for part in accuracy.values()]
gap = max(max(part) - min(part) for part in tied)
print("| start | SGD | Adam |\n|---|---|---|")
for start, row in cells.items():
    print(f"| {start} | {' | '.join(row)} |")
