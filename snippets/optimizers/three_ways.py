"""Down a narrow valley with SGD, momentum and Adam, each with rate and coefficient chosen alike."""

import matplotlib.pyplot as plt
import torch

START, NEAR, HOLD, LIMIT = torch.tensor([-2.0, 0.5]).double(), 0.02, 100, 400
RATES = [0.01 * 1.25**power for power in range(-18, 18)]
COEFFICIENTS = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98]
GENTLE, STEEP, VERY_STEEP, SLANT, USUAL, DRAWN = 25, 100, 10_000, 30, 0.9, 29


def valley(steepness, slant=0.0):
    turn = torch.tensor([[0.0, -1.0], [1.0, 0.0]]).double().mul(torch.pi / 180 * slant)
    axes = torch.linalg.matrix_exp(turn)
    return axes @ torch.tensor([1.0, steepness]).double().diag() @ axes.T


def walk(kind, curvature, coefficients):
    """All rates and coefficients side by side; Adam's coefficient is its beta1."""
    rate = torch.tensor(RATES).double()[:, None]
    mu = torch.tensor(coefficients).double()[:, None, None]
    w = START.repeat(len(coefficients), len(RATES), 1)
    m, s, path = torch.zeros_like(w), torch.zeros_like(w), [w]
    for t in range(1, LIMIT + HOLD + 1):
        g = w @ curvature
        if kind == "Adam":
            m, s = mu * m + (1 - mu) * g, 0.999 * s + 0.001 * g**2
            w = w - rate * (m / (1 - mu**t)) / ((s / (1 - 0.999**t)).sqrt() + 1e-8)
        else:
            m = mu * m + g
            w = w - rate * m
        path.append(w)
    return torch.stack(path, 2)


def fastest(paths):
    """Steps until a walk is near and stays so for HOLD more, the least, and where it is found."""
    near = (paths.norm(dim=-1) <= NEAR).double()
    stays = near.unfold(-1, HOLD + 1, 1).amin(-1)
    steps = torch.where(stays.amax(-1) > 0, stays.argmax(-1), LIMIT + 1)
    row, column = divmod(steps.argmin().item(), steps.shape[1])
    return steps.min().item(), row, column


grids = {
    "SGD": ("SGD", [0.0]),
    "momentum, usual": ("SGD", [USUAL]),
    "momentum": ("SGD", COEFFICIENTS),
    "Adam, usual": ("Adam", [USUAL]),
    "Adam": ("Adam", COEFFICIENTS),
}
valleys = {
    "steep": valley(STEEP),
    "very steep": valley(VERY_STEEP),
    "slanting": valley(VERY_STEEP, slant=SLANT),
}
steps, chosen, rate, inside, paths = {}, {}, {}, {}, {}
for place, curvature in valleys.items():
    found = {name: walk(kind, curvature, mus) for name, (kind, mus) in grids.items()}
    least = {name: fastest(walks) for name, walks in found.items()}
    steps[place] = {name: n for name, (n, _, _) in least.items()}
    chosen[place] = {name: grids[name][1][row] for name, (_, row, _) in least.items()}
    rate[place] = {name: RATES[column] for name, (_, _, column) in least.items()}
    inside[place] = {
        name: 0 < column < len(RATES) - 1
        and (len(grids[name][1]) == 1 or 0 < row < len(COEFFICIENTS) - 1)
        for name, (_, row, column) in least.items()
    }
    if place == "steep":
        paths = {name: found[name][least[name][1:]] for name in grids}

gentle = {name: fastest(walk(kind, valley(GENTLE), mus))[0] for name, (kind, mus) in grids.items()}
count, tried = len(RATES), len(COEFFICIENTS)
beyond = {name: path[:, 0].max().item() for name, path in paths.items()}
print(f"| optimizer | coefficient | {STEEP} times | rate | {VERY_STEEP:,} times", end="")
print(f" | the same, turned {SLANT}° |")
print("|---|---|---|---|---|---|")
for name in grids:
    cells = []
    for place, found in steps.items():
        number = f"{found[name]}" if found[name] <= LIMIT else f"> {LIMIT}"
        free = name in ("momentum", "Adam") and found[name] <= LIMIT
        cells.append(f"{number} ({chosen[place][name]})" if free else number)
    cells.insert(1, f"{rate['steep'][name]:.3f}")
    label, *usual = name.split(", ")
    which = "0" if name == "SGD" else f"{USUAL}" if usual else "chosen"
    print(f"| {label} | {which} | {' | '.join(cells)} |")

# %%
ticks = torch.linspace(-2.2, 0.6, 80).double(), torch.linspace(-1.1, 1.1, 60).double()
a, b = torch.meshgrid(*ticks, indexing="xy")
figure, axes = plt.subplots(figsize=(6.4, 3.4))
height = (a**2 + STEEP * b**2).sqrt()
axes.contour(a, b, height, levels=8, colors="0.85", linewidths=0.8)
for name in ("SGD", "momentum", "Adam"):
    axes.plot(*paths[name][: DRAWN + 1].T, marker=".", linewidth=1, label=name)
axes.plot(0, 0, marker="+", color="black", markersize=12)
axes.set(xlabel="$w_1$ (flat)", ylabel="$w_2$ (steep)")
axes.legend(loc="lower right", ncols=3)
