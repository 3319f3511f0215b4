"""Digits shifted and turned at random work like new data; mirrored ones do not."""

import matplotlib.pyplot as plt
import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch.nn.functional import affine_grid, cross_entropy, grid_sample

SPLITS, EPOCHS, BATCH, NOISE, MATTERS = 16, 60, 50, 0.2, 0.02
SHIFT, TURN = 1, 15
torch.set_default_dtype(torch.float64)
digits = load_digits()
images, labels = torch.tensor(digits.data) / 16, torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SPLITS)])
given = torch.where(torch.rand(order.shape) < NOISE, torch.randint(10, order.shape), labels[order])
test, train, given = order[:, :700], order[:, 800:1000], given[:, 800:1000]


def augment(x, shift=0.0, turn=0.0, mirror=0.0):
    n = x.shape[:-1].numel()
    angle = torch.deg2rad(turn * (2 * torch.rand(n) - 1))
    flip = 1 - 2.0 * (torch.rand(n) < mirror)
    places = shift / 4 * (2 * torch.rand(2, n) - 1)
    rows = (angle.cos() * flip, -angle.sin(), places[0], angle.sin() * flip, angle.cos(), places[1])
    grid = affine_grid(torch.stack(rows, 1).view(n, 2, 3), (n, 1, 8, 8), align_corners=False)
    return grid_sample(x.reshape(n, 1, 8, 8), grid, align_corners=False).view(x.shape)


def learn(**change):
    torch.manual_seed(1)
    layers = [
        [(torch.rand(SPLITS, rows, fan_out) * 2 - 1) / fan_in**0.5 for rows in (fan_in, 1)]
        for fan_in, fan_out in ((64, 64), (64, 10))
    ]
    parameters = [part.requires_grad_() for layer in layers for part in layer]
    optimizer = torch.optim.AdamW(parameters, lr=1e-2, weight_decay=0, fused=True)

    def forward(x):
        hidden = torch.baddbmm(layers[0][1], x, layers[0][0]).relu()
        return torch.baddbmm(layers[1][1], hidden, layers[1][0])

    for _ in range(EPOCHS):
        for batch in torch.rand(train.shape).argsort(1).split(BATCH, 1):
            x, y = images[train.take_along_dim(batch, 1)], given.take_along_dim(batch, 1)
            logits = forward(augment(x, **change) if change else x)
            optimizer.zero_grad()
            (SPLITS * cross_entropy(logits.flatten(0, 1), y.flatten())).backward()
            optimizer.step()
    with torch.no_grad():
        right = [
            forward(images[rows]).argmax(-1) == y
            for rows, y in ((train, given), (test, labels[test]))
        ]
    return [hits.double().mean(1) for hits in right]


changes = {
    "nothing": {},
    "shifting": {"shift": SHIFT},
    "turning": {"turn": TURN},
    "both": {"shift": SHIFT, "turn": TURN},
    "mirroring": {"mirror": 0.5},
}
results = {name: learn(**change) for name, change in changes.items()}
training = {name: fit.mean().item() for name, (fit, _) in results.items()}
accuracy = {name: right.mean().item() for name, (_, right) in results.items()}
pairs = {
    "shifting against nothing": ("shifting", "nothing"),
    "turning against nothing": ("turning", "nothing"),
    "both against nothing": ("both", "nothing"),
    "mirroring against nothing": ("mirroring", "nothing"),
    "shifting against mirroring": ("shifting", "mirroring"),
}
paired = {}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---|---|---|---|---|")
for name, (first, second) in pairs.items():
    one, other = results[first][1], results[second][1]
    low, high = map(float, ttest_rel(one, other).confidence_interval())
    mean = (one - other).mean().item()
    verdict = f"{first if low > 0 else second} better" if low * high > 0 else "cannot tell"
    if low > -MATTERS and high < MATTERS:
        verdict = "no difference that matters"
    paired[name] = {"mean": mean, "low": low, "high": high, "runs": SPLITS, "matters": MATTERS}
    paired[name] |= {"verdict": verdict}
    print(f"| {name} | {mean:+z.2f} | {low:+z.2f} to {high:+z.2f}", end="")
    print(f" | {SPLITS} | {MATTERS} | {verdict} |")

# %%
torch.manual_seed(3)
figure, axes = plt.subplots(3, 6, figsize=(6.4, 3.2), layout="constrained")
for panels, digit in zip(axes, (2, 4, 7), strict=True):
    image = images[labels == digit][0]
    copies = augment(image.expand(4, 64), **changes["both"])
    mirrored = augment(image.expand(1, 64), mirror=1.0)
    for panel, x in zip(panels, (image, *copies, mirrored[0]), strict=True):
        panel.imshow(x.view(8, 8).numpy(), cmap="gray_r", vmin=0, vmax=1)
        panel.set(xticks=[], yticks=[])
for column, title in ((0, "original"), (2, "new"), (5, "mirrored")):
    axes[0, column].set_title(title)
