"""A ridge penalty melts the peak of double descent; too strong, it harms."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits

SEEDS, IMAGES, NOISE = 15, 200, 0.2
WIDTHS = (10, 20, 40, 80, 120, 160, 180, 200, 220, 240, 300, 400, 800, 1600)
PENALTIES = (0.0, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0)
digits = load_digits()
images, labels = torch.tensor(digits.data) / 16, torch.tensor(digits.target)
torch.manual_seed(0)


def curves():
    order = torch.randperm(len(images))
    train, test = order[:IMAGES], order[1097:]
    wrong = torch.randperm(IMAGES) < NOISE * IMAGES
    targets = torch.where(wrong, torch.randint(10, (IMAGES,)), labels[train])
    one_hot = torch.nn.functional.one_hot(targets, 10).double()
    directions = torch.randn(64, WIDTHS[-1]).double() / 2
    phases = 2 * torch.pi * torch.rand(WIDTHS[-1]).double()
    features = torch.cos(images @ directions + phases)
    errors = torch.empty(len(PENALTIES), len(WIDTHS))
    for column, width in enumerate(WIDTHS):
        x = features[:, :width] / width**0.5
        u, s, v = torch.linalg.svd(x[train], full_matrices=False)
        for row, penalty in enumerate(PENALTIES):
            weights = v.T @ ((s / (s**2 + penalty))[:, None] * (u.T @ one_hot))
            wrong = (x[test] @ weights).argmax(1) != labels[test]
            errors[row, column] = wrong.double().mean()
    return errors


runs = torch.stack([curves() for _ in range(SEEDS)])
error = {
    penalty: dict(zip(WIDTHS, values, strict=True))
    for penalty, values in zip(PENALTIES, runs.mean(0).tolist(), strict=False)
}
peak = {penalty: values[IMAGES] for penalty, values in error.items()}
widest = {penalty: values[WIDTHS[-1]] for penalty, values in error.items()}
best = min(PENALTIES, key=widest.get)
best_error = widest[best]
print("| penalty | at 200 | at 1600 |\n|---|---|---|")
for penalty in PENALTIES:
    print(f"| {penalty:g} | {peak[penalty]:.2f} | {widest[penalty]:.2f} |")

# %%
for penalty in PENALTIES:
    figure, axes = plt.subplots(num=f"{penalty:g}", figsize=(6.4, 3.2))
    axes.semilogx(WIDTHS, error[0.0].values(), color="0.7", label="no penalty")
    axes.semilogx(WIDTHS, error[penalty].values(), color="C0", label="this penalty")
    axes.axvline(IMAGES, color="0.7", linestyle=":")
    axes.set(xlabel="random features", ylabel="test error", ylim=(0, 1))
    axes.legend(loc="upper right")
