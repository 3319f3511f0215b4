"""A temperature chosen on validation data repairs the probabilities and changes no answer."""

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits

torch.set_default_dtype(torch.float64)  # whose rounding stays below what is shown
digits = load_digits()
images = torch.tensor(digits.data) / 16
labels = torch.tensor(digits.target)
SPLITS, SEEN, SMOOTHING, BINS, MATTERS = 32, 100, 0.1, 10, 0.02
SHOWN = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 10.0)
GRID = torch.logspace(-1, 1, 81)
orders = [torch.randperm(1797, generator=torch.Generator().manual_seed(s)) for s in range(SPLITS)]
train, validation, test = torch.stack(orders).split((SEEN, 500, 1197), 1)


def fit(smoothing, steps=300, rate=0.3, momentum=0.9):
    """One network per split, trained together; logits on the three parts."""
    draw = torch.Generator().manual_seed(1000)
    shapes = (64, 64), (1, 64), (64, 10), (1, 10)
    layers = [(torch.rand(SPLITS, *s, generator=draw) - 0.5) / 4 for s in shapes]
    speeds = [torch.zeros_like(layer.requires_grad_()) for layer in layers]

    def model(rows):
        hidden = torch.baddbmm(layers[1], images[rows], layers[0]).relu()
        return torch.baddbmm(layers[3], hidden, layers[2])

    for _ in range(steps):
        logits, targets = model(train).movedim(2, 1), labels[train]
        terms = F.cross_entropy(logits, targets, reduction="none", label_smoothing=smoothing)
        slopes = torch.autograd.grad(terms.mean(1).sum(), layers)
        for layer, speed, slope in zip(layers, speeds, slopes, strict=True):
            speed.mul_(momentum).add_(slope)
            layer.data -= rate * speed
    with torch.no_grad():
        return model(train), model(validation), model(test)


def mean_loss(logits, rows):
    """Mean cross-entropy of each split."""
    terms = F.cross_entropy(logits.movedim(2, 1), labels[rows], reduction="none")
    return terms.mean(1)


def calibration_error(logits, truth):
    """The gap between confidence and share right, bin by bin, weighted by the bins' sizes."""
    confidence, answer = logits.softmax(-1).max(-1)
    gap = confidence - (answer == truth).float()
    place = (confidence * BINS).long().clamp(max=BINS - 1)
    sums = torch.stack([(gap * (place == b)).sum(1) for b in range(BINS)])
    return sums.abs().sum(0) / truth.shape[1]


def best_temperature(logits):
    """The temperature with the lowest validation loss of each split."""
    losses = torch.stack([mean_loss(logits / t, validation) for t in GRID])
    return GRID[losses.argmin(0)].view(-1, 1, 1)


outputs, temperatures, learned = {}, {}, {}
for name, smoothing in (("plain", 0.0), ("smoothing", SMOOTHING)):
    own, valid, outputs[name] = fit(smoothing)
    learned[name] = (own.argmax(-1) == labels[train]).float().mean().item()
    temperatures[name] = best_temperature(valid)
outputs["temperature"] = outputs["plain"] / temperatures["plain"]
outputs["both"] = outputs["smoothing"] / temperatures["smoothing"]
truth = labels[test]
IMAGES, CHOOSING = truth.shape[1], validation.shape[1]
errors = {name: calibration_error(logits, truth) for name, logits in outputs.items()}
ece = {name: each.mean().item() for name, each in errors.items()}
loss = {name: mean_loss(logits, test).mean().item() for name, logits in outputs.items()}
first = {T: torch.tensor([4.0, 2.0, 0.0]).div(T).softmax(0)[0].item() for T in (1, 2)}
confidence = {name: z.softmax(-1).amax(-1).mean().item() for name, z in outputs.items()}
answers = {name: logits.argmax(-1) for name, logits in outputs.items()}
accuracy = {name: (each == truth).float().mean().item() for name, each in answers.items()}
changed = (answers["plain"] != answers["temperature"]).sum().item()
chosen = temperatures["plain"].mean().item()
chance = torch.rand(*test.shape, 1, generator=torch.Generator().manual_seed(2000))
imagined = (outputs["temperature"].softmax(-1).cumsum(-1) < chance).sum(-1).clamp(max=9)
noise = calibration_error(outputs["temperature"], imagined).mean().item()
paired = {}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---|---|---|---|---|")
for name, other in (("temperature", "plain"), ("smoothing", "plain"), ("both", "temperature")):
    mean = (errors[name] - errors[other]).mean().item()
    low, high = (float(e) for e in ttest_rel(errors[name], errors[other]).confidence_interval())
    verdict = "cannot tell"
    if max(-low, high) < MATTERS:
        verdict = "no difference that matters"
    elif low > 0 or high < 0:
        verdict = f"{other if low > 0 else name} better"
    key = f"{name} against {other}"
    paired[key] = {"mean": mean, "low": low, "high": high, "runs": SPLITS}
    paired[key] |= {"matters": MATTERS, "verdict": verdict}
    interval = f"{low:z.3f} to {high:z.3f}"
    if name == "temperature":  # the values of the other pairs stand in the text
        print(f"| {key} | {mean:z.3f} | {interval} | {SPLITS} | {MATTERS} | {verdict} |")

# %%
curve = [mean_loss(outputs["plain"] / t, test).mean().item() for t in SHOWN]
for temperature, height in zip(SHOWN, curve, strict=True):
    size = {"figsize": (6.4, 3.4), "layout": "constrained"}
    figure, (left, right) = plt.subplots(1, 2, num=f"{temperature:g}", **size)
    left.semilogx(SHOWN, curve, color="C0", linestyle="-", marker=".")
    left.plot(temperature, height, "o", color="C1", markersize=9)
    left.set(xlabel="temperature $T$", ylabel="test loss", ylim=(0, 1.4))
    left.set_xticks([1, 2, 4, 10], ["1", "2", "4", "10"])
    left.minorticks_off()
    said, answer = (outputs["plain"] / temperature).softmax(-1).max(-1)
    groups = said.flatten().argsort().tensor_split(BINS)
    right_answers = (answer == truth).float().flatten()
    points = [(said.flatten()[g].mean(), right_answers[g].mean()) for g in groups]
    right.axline((0, 0), slope=1, color="0.7", linestyle="--")
    right.plot(*zip(*points, strict=True), color="C1", linestyle="-", marker="o")
    right.set(xticks=[0, 0.5, 1], yticks=[0, 0.5, 1], xlim=(0, 1.03), ylim=(0, 1.03))
    right.set(xlabel="mean confidence", ylabel="share right")
