"""With normalisation or a path around each layer SGD trains ten layers from the default start."""

from itertools import pairwise

import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

DEPTH, WIDTH, SPLITS, BATCH, EPOCHS, MATTERS = 10, 32, 16, 50, 5, 0.05
STARTS = {
    "std 1": nn.init.normal_,
    "default": None,
    "Kaiming": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
}
RATES = {
    "BatchNorm": (0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    "LayerNorm": (0.001, 0.003, 0.01, 0.03, 0.1),
    "residual": (1e-6, 1e-5, 1e-4, 0.01, 0.03, 0.1, 0.3),
}
MODELS = len(STARTS) * SPLITS

torch.set_default_dtype(torch.float64)  # whose rounding stays below what is shown
digits = load_digits()
labels = torch.tensor(digits.target)
generator = torch.Generator().manual_seed(0)
orders = torch.stack([torch.randperm(len(labels), generator=generator) for _ in range(SPLITS)])
train, held, test = orders.split([1000, 400, 397], 1)
pixels = torch.tensor(digits.data)
images = torch.stack([(pixels - pixels[rows].mean()) / pixels[rows].std() for rows in train])
split = torch.arange(SPLITS)[:, None]


def network(fill):
    layers = [nn.Linear(*pair) for pair in pairwise([64] + [WIDTH] * DEPTH + [10])]
    for layer in layers if fill else []:
        fill(layer.weight)
        nn.init.zeros_(layer.bias)
    return layers


class LayerNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(MODELS, 1, WIDTH))
        self.bias = nn.Parameter(torch.zeros(MODELS, 1, WIDTH))

    def forward(self, signal):
        return F.layer_norm(signal, (WIDTH,)) * self.weight + self.bias


class BatchNorm(nn.BatchNorm1d):
    def __init__(self):
        super().__init__(MODELS * WIDTH)

    def forward(self, signal):
        flat = signal.movedim(0, 1).flatten(1)
        return super().forward(flat).unflatten(1, (MODELS, WIDTH)).movedim(1, 0)


def accuracies(kind, rate):
    torch.manual_seed(0)
    models = [network(fill) for fill in STARTS.values() for _ in range(SPLITS)]
    stacks = [
        torch.stack([part.detach() for part in parts]).requires_grad_()
        for layers in zip(*models, strict=True)
        for parts in ([layer.bias[None] for layer in layers], [layer.weight.T for layer in layers])
    ]
    norm = {"BatchNorm": BatchNorm, "LayerNorm": LayerNorm, "residual": nn.Identity}[kind]
    norms = nn.ModuleList(norm() for _ in range(DEPTH))
    parameters = [*stacks, *norms.parameters()]
    optimizer = torch.optim.SGD(parameters, lr=rate, momentum=0.9, fused=True)

    def logits(rows):
        signal = images[split, rows].repeat(len(STARTS), 1, 1)
        places = zip(stacks[:-2:2], stacks[1:-2:2], norms, strict=True)
        for place, (bias, weight, normalise) in enumerate(places):
            if kind != "residual":
                signal = F.relu(normalise(torch.baddbmm(bias, signal, weight)))
            elif place == 0:
                signal = torch.baddbmm(bias, signal, weight)
            else:
                branch = torch.baddbmm(bias, F.relu(signal), weight)
                signal = signal + branch * DEPTH**-0.5
        return torch.baddbmm(stacks[-2], F.relu(signal), stacks[-1])

    @torch.no_grad()
    def accuracy(rows):
        hits = logits(rows).argmax(-1) == labels[rows].repeat(len(STARTS), 1)
        return hits.double().mean(1).view(-1, SPLITS)

    for _ in range(EPOCHS):
        shuffled = train.gather(1, torch.rand(train.shape).argsort(1))
        for rows in shuffled.split(BATCH, 1):
            optimizer.zero_grad()
            targets = labels[rows].repeat(len(STARTS), 1)
            loss = F.cross_entropy(logits(rows).mT, targets, reduction="sum") / BATCH
            loss.backward()
            optimizer.step()
    norms.eval()
    return torch.stack([accuracy(held), accuracy(test)])


def verdict(low, high, better, worse):
    if max(-low, high) < MATTERS:
        return "no difference that matters"
    return f"{better} better" if low > 0 else f"{worse} better" if high < 0 else "cannot tell"


names = {"std 1": "one"}
accuracy, chosen, reached, paired = {}, {}, {}, {}
for kind, rates in RATES.items():
    held_out, final = torch.stack([accuracies(kind, rate) for rate in rates], 1)
    for row, start in enumerate(STARTS):
        best = held_out[:, row].mean(1).argmax().item()
        reached[kind, start] = final[best, row]
        name = f"{kind}, {names.get(start, start)}"
        accuracy[name], chosen[name] = final[best, row].mean().item(), rates[best]
print("| start |", " | ".join(RATES), "|\n|---|---|---|---|")
for start in STARTS:
    cells = [f"{reached[kind, start].mean():.2f}" for kind in RATES]
    print(f"| {start} |", " | ".join(cells), "|")
print("\n| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---|---|---|---|---|")
for kind in ("BatchNorm", "residual"):
    first, second = reached[kind, "Kaiming"], reached[kind, "default"]
    low, high = (float(end) for end in ttest_rel(first, second).confidence_interval())
    mean, told = (first - second).mean().item(), verdict(low, high, "Kaiming", "default")
    name = f"Kaiming against default, {kind}"
    paired[name] = {"mean": mean, "low": low, "high": high, "verdict": told}
    paired[name] |= {"runs": SPLITS, "matters": MATTERS}
    shown = [f"{round(value, 2) + 0:+.2f}" for value in (mean, low, high)]
    cells = f"{shown[0]} | {shown[1]} to {shown[2]} | {SPLITS} | {MATTERS}"
    print(f"| {name} | {cells} | {told} |")
