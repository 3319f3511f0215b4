"""More data helps most; the three regularisers help alike and do not add up."""

import itertools

import matplotlib.pyplot as plt
import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

SPLITS, EPOCHS, BATCH, NOISE, RATE, MATTERS = 40, 60, 50, 0.2, 1e-2, 0.02
DECAYS, CHANCES = (0.3, 1.0, 3.0, 10.0), (0.3, 0.5, 0.7, 0.9)
TRAIN, MORE = 200, 4
SETTINGS = [(TRAIN, 0.0, 0.0)]
SETTINGS += [(TRAIN, decay, 0.0) for decay in DECAYS] + [(TRAIN, 0.0, p) for p in CHANCES]
SETTINGS += [(TRAIN, decay, p) for decay in DECAYS[:2] for p in CHANCES[:2]]
SETTINGS += [(MORE * TRAIN, 0.0, 0.0)]
torch.set_default_dtype(torch.float64)
digits = load_digits()
images, labels = torch.tensor(digits.data) / 16, torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SPLITS)])
given = torch.where(torch.rand(order.shape) < NOISE, torch.randint(10, order.shape), labels[order])
test, validation, pool, _ = order.split([700, 100, MORE * TRAIN, 197], 1)
_, given_validation, given_pool, _ = given.split([700, 100, MORE * TRAIN, 197], 1)


def learn(size, decay, p):
    torch.manual_seed(1)
    parameters = [
        ((torch.rand(SPLITS, rows, fan_out) * 2 - 1) / fan_in**0.5).requires_grad_()
        for fan_in, fan_out in ((64, 64), (64, 10))
        for rows in (fan_in, 1)
    ]
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=decay, fused=True)

    def forward(index, parameters, p=0.0):
        weight, bias, last_weight, last_bias = parameters
        hidden = torch.baddbmm(bias, images[index], weight).relu()
        if p:
            hidden = hidden * (torch.rand_like(hidden) >= p) / (1 - p)
        return torch.baddbmm(last_bias, hidden, last_weight)

    @torch.no_grad()
    def accuracy(index, y, parameters):
        return (forward(index, parameters).argmax(-1) == y).double().mean(1)

    best = torch.full((SPLITS,), -1.0)
    kept = [part.detach().clone() for part in parameters]
    for _ in range(EPOCHS):
        shuffled = torch.rand(SPLITS, size).argsort(1)[:, :TRAIN]
        for batch in shuffled.split(BATCH, 1):
            logits = forward(pool.take_along_dim(batch, 1), parameters, p)
            y = given_pool.take_along_dim(batch, 1).flatten()
            optimizer.zero_grad()
            (SPLITS * cross_entropy(logits.flatten(0, 1), y)).backward()
            optimizer.step()
        score = accuracy(validation, given_validation, parameters)
        for part, copy in zip(parameters, kept, strict=True):
            copy[score > best] = part.detach()[score > best]
        best = torch.maximum(best, score)
    fit = accuracy(pool[:, :size], given_pool[:, :size], parameters)
    tested = (accuracy(test, labels[test], parts) for parts in (parameters, kept))
    return score, best, *tested, fit


score, best, last, restored, fit = map(
    torch.stack, zip(*(learn(*setting) for setting in SETTINGS), strict=True)
)
alone, decays, chances = [0], range(5), [0, *range(5, 9)]
everything, more = range(len(SETTINGS) - 1), len(SETTINGS) - 1


def choose(settings, scores, results):
    chosen = scores[list(settings)].argmax(0)
    return results[list(settings)].gather(0, chosen[None])[0], chosen


results = {
    "nothing": last[0],
    "more data": last[more],
    "weight decay": choose(decays, score, last)[0],
    "dropout": choose(chances, score, last)[0],
    "early stopping": restored[0],
    "all three": choose(everything, best, restored)[0],
}
dropout_stopped = choose(chances, best, restored)[0]
at_the_end_of_the_grid = {
    "weight decay": (choose(decays, score, last)[1] == 4).double().mean().item(),
    "dropout": (choose(chances, score, last)[1] == 4).double().mean().item(),
}
accuracy = {name: rows.mean().item() for name, rows in results.items()}
spread = {name: rows.std().item() for name, rows in results.items()}
training = fit[0].mean().item()
peek = ttest_rel(restored[:more].max(0).values, results["all three"]).confidence_interval()
peeking = {
    "mean": float(peek.low + peek.high) / 2,
    "low": float(peek.low),
    "high": float(peek.high),
}
print("| remedy | test accuracy |\n|---|---|")
for name in results:
    print(f"| {name} | {accuracy[name]:.2f} |")

# %%
pairs = {f"{name} against nothing": (results[name], results["nothing"]) for name in results}
del pairs["nothing against nothing"]
pairs["more data against all three"] = results["more data"], results["all three"]
pairs["all three against dropout and stopping"] = results["all three"], dropout_stopped
paired = {}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---|---|---|---|---|")
for name, (one, other) in pairs.items():
    low, high = map(float, ttest_rel(one, other).confidence_interval())
    mean, first, second = (one - other).mean().item(), *name.split(" against ")
    verdict = f"{first if low > 0 else second} better" if low * high > 0 else "cannot tell"
    if low > -MATTERS and high < MATTERS:
        verdict = "no difference that matters"
    paired[name] = {"mean": mean, "low": low, "high": high, "runs": SPLITS, "matters": MATTERS}
    paired[name] |= {"verdict": verdict}
    print(f"| {name} | {mean:+z.2f} | {low:+z.2f} to {high:+z.2f}", end="")
    print(f" | {SPLITS} | {MATTERS} | {verdict} |")
gain = {name: paired[f"{name} against nothing"] for name in list(results)[1:]}
three = [results[name] for name in ("weight decay", "dropout", "early stopping")]
apart = [ttest_rel(*two).confidence_interval() for two in itertools.combinations(three, 2)]
apart = max(abs(float(end)) for interval in apart for end in interval)
print(f"\nWeight decay, dropout, early stopping: any two at most {apart:.2f} apart")
separately = sum(gain[name]["mean"] for name in ("weight decay", "dropout", "early stopping"))

# %%
figure, axes = plt.subplots(figsize=(6.4, 3), layout="constrained")
for row, (name, difference) in enumerate(gain.items()):
    axes.plot(results[name] - results["nothing"], [row] * SPLITS, ".", color="0.75", markersize=3)
    axes.plot([difference["low"], difference["high"]], [row, row], "C0-", linewidth=3)
    axes.plot(difference["mean"], row, "o", color="C0")
axes.axvline(0, color="0.6", linestyle=":")
axes.set_yticks(range(len(gain)), gain)
axes.set(xlabel="gain in test accuracy over nothing", ylim=(len(gain) - 0.5, -0.5))
