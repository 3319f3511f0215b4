"""SGD with a tuned rate leads over the first passes, then L-BFGS overtakes it."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_breast_cancer, load_digits
from torch.nn.functional import softplus

digits, cancer = load_digits(), load_breast_cancer()
scaled = (cancer.data - cancer.data.mean(0)) / cancer.data.std(0)
odd = digits.target % 2
sets = {"digits": (digits.data / 16, odd), "cancer": (scaled, cancer.target)}
rates, runs, passes, early = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0), 25, 30, 10
steep = [0.1 * 2.0**k for k in range(8)]


def risk(w, Z):
    return softplus(w @ Z.T).mean(-1)


def sgd(Z):
    step = torch.tensor(rates, dtype=torch.float64)[:, None, None]
    w = torch.zeros(len(rates), runs, Z.shape[1], dtype=torch.float64)
    risks = [risk(w, Z)]
    for _ in range(passes):
        for z in Z[torch.randint(len(Z), (len(Z), runs))]:
            w -= step * torch.sigmoid((w * z).sum(-1, keepdim=True)) * z
        risks.append(risk(w, Z))
    return torch.stack(risks, -1)


def lbfgs(Z):
    w, risks = torch.zeros(Z.shape[1], dtype=torch.float64, requires_grad=True), []
    limits = {"max_iter": 99, "max_eval": passes}
    optimizer = torch.optim.LBFGS([w], line_search_fn="strong_wolfe", **limits)

    def closure():
        optimizer.zero_grad()
        risks.append(risk(w, Z))
        risks[-1].backward()
        return risks[-1]

    optimizer.step(closure)
    return torch.stack([*risks, risk(w, Z)]).detach().cummin(0).values


def descent(Z):
    step = torch.tensor(steep, dtype=torch.float64)[:, None]
    w = torch.zeros(len(steep), Z.shape[1], dtype=torch.float64)
    risks = [risk(w, Z)]
    for _ in range(passes):
        w -= step * (torch.sigmoid(w @ Z.T) @ Z / len(Z))
        risks.append(risk(w, Z))
    return torch.stack(risks, -1)


def tune(risks):
    return risks[:, 1 : early + 1].mean(1).argmin().item()


tried = len(rates)
torch.manual_seed(0)
curves, best, first, match, overtaken, last, plainly = {}, {}, {}, {}, {}, {}, {}
for name, (features, label) in sets.items():
    X = torch.cat([torch.tensor(features), torch.ones(len(features), 1)], 1)
    Z = (1.0 - 2 * torch.tensor(label))[:, None] * X
    ours, theirs, plain = sgd(Z), lbfgs(Z), descent(Z)
    middle = ours.median(1).values
    tuned, plainly[name] = tune(middle), steep[tune(plain)]
    line, slow = middle[tuned], plain[tune(plain)]
    curves[name] = ours[tuned], middle, theirs, slow
    best[name], first[name] = rates[tuned], line[1].item()
    match[name] = (theirs > line[1]).sum().item()
    overtaken[name] = (theirs > line).nonzero().max().item() + 1
    last[name] = {"SGD": line[-1].item(), "L-BFGS": theirs[-1].item(), "GD": slow[-1].item()}
    print(f"{name}: SGD at rate {best[name]} has risk {first[name]:.2g} after one pass")
    print(f"  L-BFGS needs {match[name]} passes, stays ahead from pass {overtaken[name]}")

# %%
figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.3), layout="constrained")
for axes, (name, (tuned, others, theirs, slow)) in zip(panels, curves.items(), strict=True):
    axes.semilogy(others.T, "-", color="0.8")
    band = tuned.amin(0), tuned.amax(0)
    axes.fill_between(range(passes + 1), *band, color="C0", alpha=0.25)
    axes.semilogy(tuned.median(0).values, "-", color="C0", label="SGD, tuned rate")
    axes.semilogy(theirs, "--", color="C1", label="L-BFGS")
    axes.semilogy(slow, "-.", color="C2", label="gradient descent, tuned rate")
    axes.set_yticks([0.05, 0.1, 0.2, 0.5, 1], labels=["0.05", "0.1", "0.2", "0.5", "1"])
    axes.minorticks_off()
    axes.set(title=name, xlabel="passes over the data", xlim=(0, passes))
    axes.set_ylim(0.9 * theirs[-1].item(), 1)
panels[0].set_ylabel("empirical risk")
panels[0].plot([], "-", color="0.8", label="SGD, other rates")
lines = panels[0].get_legend_handles_labels()
figure.legend(*lines, loc="outside upper center", ncols=2)
