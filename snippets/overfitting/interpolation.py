"""Test error peaks where features equal images; far beyond it is lower than ever."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits

SEEDS, IMAGES = 5, 200
WIDTHS = (10, 20, 40, 80, 120, 160, 180, 190, 200)
WIDTHS += (210, 220, 240, 300, 400, 800, 1600, 3200)
digits = load_digits()
images, labels = torch.tensor(digits.data) / 16, torch.tensor(digits.target)
torch.manual_seed(0)


def curve(noise):
    order = torch.randperm(len(images))
    train, test = order[:IMAGES], order[1097:]
    wrong = torch.randperm(IMAGES) < noise * IMAGES
    targets = torch.where(wrong, torch.randint(10, (IMAGES,)), labels[train])
    one_hot = torch.nn.functional.one_hot(targets, 10).double()
    directions = torch.randn(64, WIDTHS[-1]).double() / 2
    phases = 2 * torch.pi * torch.rand(WIDTHS[-1]).double()
    features = torch.cos(images @ directions + phases)
    errors = []
    for width in WIDTHS:
        x = features[train, :width]
        weights = torch.linalg.lstsq(x, one_hot, driver="gelsd").solution
        hits = [
            (features[rows, :width] @ weights).argmax(1) == y
            for rows, y in ((train, targets), (test, labels[test]))
        ]
        errors.append([1 - hit.double().mean() for hit in hits] + [weights.norm()])
    return torch.tensor(errors)


names = ("training", "test", "norm")
runs = {noise: torch.stack([curve(noise) for _ in range(SEEDS)]) for noise in (0.0, 0.2)}
error = {
    noise: {
        name: dict(zip(WIDTHS, x.mean(0)[:, k].tolist(), strict=True))
        for k, name in enumerate(names)
    }
    for noise, x in runs.items()
}
valley = {
    noise: min(curves["test"][width] for width in WIDTHS if width < IMAGES)
    for noise, curves in error.items()
}
for noise in error:
    test = error[noise]["test"]
    print(f"noise {noise}: best below 200 features {valley[noise]:.2f}", end="")
    print(f", at 200 {test[200]:.2f}, at {WIDTHS[-1]} {test[WIDTHS[-1]]:.2f}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.2), layout="constrained")
for noise, curves in error.items():
    left.semilogx(WIDTHS, curves["test"].values(), label=f"test, noise {noise}")
    right.loglog(WIDTHS, curves["norm"].values(), label=f"noise {noise}")
left.semilogx(WIDTHS, error[0.2]["training"].values(), color="0.5", label="training, noise 0.2")
for axes, name in ((left, "error"), (right, "norm of the weights")):
    axes.axvline(IMAGES, color="0.7", linestyle=":")
    axes.set(xlabel="random features", ylabel=name)
left.set(ylim=(-0.02, 1.3))
left.legend(loc="upper right")
