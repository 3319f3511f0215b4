"""Three wrong splits flatter, a sorted one ruins, early scaling does no harm."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits, load_wine

SEEDS, FEATURES, PICKED = 20, 5000, 20
digits, wine = load_digits(), load_wine()
images, digit = torch.tensor(digits.data), torch.tensor(digits.target)
chemistry, cultivar = torch.tensor(wine.data), torch.tensor(wine.target)


def accuracy(x, y, train, test):
    nearest = torch.cdist(x[test], x[train]).argmin(1)
    return (y[train][nearest] == y[test]).double().mean().item()


def parts(n, shuffle=True):
    order = torch.randperm(n) if shuffle else torch.arange(n)
    return order.split([n - n * 3 // 10, n * 3 // 10])


def copies():
    coin = torch.randint(10, (200,))
    train, test = (index % 200 for index in parts(2000))
    late = accuracy(images[:200], coin, train, test)
    return late, accuracy(images[:200], coin, *parts(200))


def writers():
    start, n = torch.randint(len(images), ()).item(), len(images)
    in_order = images.roll(start, 0), digit.roll(start), *parts(n, shuffle=False)
    return accuracy(images, digit, *parts(n)), accuracy(*in_order)


def selection():
    noise, coin = torch.randn(100, FEATURES).double(), torch.randint(2, (100,)).double()
    train, test = parts(100)
    results = []
    for rows in (torch.arange(100), train):
        x, y = noise[rows] - noise[rows].mean(0), coin[rows] - coin[rows].mean()
        strongest = ((y @ x).abs() / x.norm(dim=0)).topk(PICKED).indices
        results.append(accuracy(noise[:, strongest], coin, train, test))
    return results


def sorting():
    x = (chemistry - chemistry.mean(0)) / chemistry.std(0)
    return [accuracy(x, cultivar, *parts(178, shuffle)) for shuffle in (False, True)]


def scaling():
    train, test = parts(178)
    scaled = [(chemistry - x.mean(0)) / x.std(0) for x in (chemistry, chemistry[train])]
    return [accuracy(x, cultivar, train, test) for x in scaled]


torch.manual_seed(0)
measured = {
    case.__name__: torch.tensor([case() for _ in range(SEEDS)])
    for case in (copies, selection, writers, scaling, sorting)
}
shown = {case: x[:, 0].mean().item() for case, x in measured.items()}
honest = {case: x[:, 1].mean().item() for case, x in measured.items()}
spread = {case: x.std(0).tolist() for case, x in measured.items()}
gap = {case: (x[:, 0] - x[:, 1]).mean().item() for case, x in measured.items()}
changed = round(measured["scaling"].diff(dim=1).abs().max().item() * (178 * 3 // 10))
for case in measured:
    print(f"{case:9} wrong split {shown[case]:.3f}, sensible split {honest[case]:.3f}")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3))
for row, x in enumerate(measured.values()):
    axes.plot(x.mean(0), (row, row), color="0.6", linestyle="-")
    for column, (colour, marker) in enumerate((("C1", "s"), ("C0", "o"))):
        axes.errorbar(
            x[:, column].mean(), row, xerr=x[:, column].std(), color=colour, fmt=marker, capsize=3
        )
axes.plot([], [], "s", color="C1", label="wrong split")
axes.plot([], [], "o", color="C0", label="sensible split")
axes.set(xlabel="test accuracy", xlim=(0, 1.04), ylim=(4.5, -0.5))
axes.set_yticks(range(5), measured)
axes.legend(loc="center left")
