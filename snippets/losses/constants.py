"""The best constant under each loss is a statistic: mean, median, variance, share."""

import torch
import torch.nn.functional as F
from sklearn.datasets import load_diabetes, load_wine

y = torch.tensor(load_diabetes().target)
classes = torch.tensor(load_wine().target)
onehot = F.one_hot(classes).double()
WEIGHT = torch.tensor([1.0, 1.0, 3.0]).double()
THREE = [0.0, 0.0, 0.0]


def best(loss, start):
    """The constant that minimises a loss over the data."""
    constant = torch.tensor(start).double().requires_grad_()
    search = {"max_iter": 300, "line_search_fn": "strong_wolfe"}
    optimizer = torch.optim.LBFGS([constant], **search)

    def closure():
        optimizer.zero_grad()
        value = loss(constant)
        value.backward()
        return value

    for _ in range(5):
        optimizer.step(closure)
    return constant.detach()


def patients(constant):
    return constant.expand(len(y))


def wine(constant):
    return constant.expand(len(classes), -1)


absolute = torch.stack([F.l1_loss(patients(candidate), y) for candidate in y])
gauss = best(lambda c: F.gaussian_nll_loss(patients(c[0]), y, c[1].exp()), [100.0, 8.0])
binary = F.binary_cross_entropy_with_logits
share = best(lambda c: binary(wine(c)[:, 0], onehot[:, 0]), [0.0])
entropy = best(lambda c: F.cross_entropy(wine(c), classes), THREE)
weighted = best(lambda c: F.cross_entropy(wine(c), classes, WEIGHT), THREE)
square = best(lambda c: F.mse_loss(wine(c).softmax(1), onehot), THREE)
fitted = {
    "`L1Loss`": y[absolute < absolute.min() + 1e-9].unique(),
    "`MSELoss`": best(lambda c: F.mse_loss(patients(c), y), 100.0),
    "`GaussianNLLLoss`": torch.stack([gauss[0], gauss[1].exp()]),
    "`PoissonNLLLoss`": best(lambda c: F.poisson_nll_loss(patients(c), y), 4.0).exp(),
    "`BCEWithLogitsLoss`": share.sigmoid(),
    "`CrossEntropyLoss`": entropy.softmax(0),
    "`CrossEntropyLoss(weight=(1, 1, 3))`": weighted.softmax(0),
    "`MSELoss` (softmax)": square.softmax(0),
}
frequency = onehot.mean(0)
tilted = WEIGHT * frequency / (WEIGHT * frequency).sum()
moments = torch.stack([y.mean(), y.var(correction=0)])
truths = (
    (y.quantile(0.5), "median (any point in between)"),
    (y.mean(), "mean"),
    (moments, "mean, variance"),
    (y.mean(), "mean (rate)"),
    (frequency[:1], "share of class 0"),
    (frequency, "class shares"),
    (tilted, "shares times weights, sum made 1"),
    (frequency, "class shares"),
)
statistics = dict(zip(fitted, truths, strict=True))
print("| loss | best constant | statistic | its value |")
print("|---|---|---|---|")
for name, (value, statistic) in statistics.items():
    cells = [", ".join(f"{v:.4g}" for v in t.flatten()) for t in (fitted[name], value)]
    print(f"| {name} | {cells[0]} | {statistic} | {cells[1]} |")
