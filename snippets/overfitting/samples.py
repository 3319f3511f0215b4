"""More images lower the test error at equal steps, equal epochs and with stopping."""

import matplotlib.pyplot as plt
import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

SPLITS, EPOCHS, STEPS, BATCH, NOISE, MATTERS = 30, 60, 240, 50, 0.2, 0.02
SIZES = (100, 200, 400, 800)
torch.set_default_dtype(torch.float64)
digits = load_digits()
images, labels = torch.tensor(digits.data) / 16, torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SPLITS)])
given = torch.where(torch.rand(order.shape) < NOISE, torch.randint(10, order.shape), labels[order])
order, given = order.repeat(len(SIZES), 1), given.repeat(len(SIZES), 1)
test, validation, pool, _ = order.split([700, 100, 800, 197], 1)
_, given_validation, given_pool, _ = given.split([700, 100, 800, 197], 1)
size = torch.tensor(SIZES).repeat_interleave(SPLITS)[:, None]

layers = [
    [((torch.rand(SPLITS, rows, fan_out) * 2 - 1) / fan_in**0.5).repeat(len(SIZES), 1, 1)]
    for fan_in, fan_out in ((64, 64), (64, 10))
    for rows in (fan_in, 1)
]
parameters = [part.requires_grad_() for (part,) in layers]
optimizer = torch.optim.AdamW(parameters, lr=1e-2, weight_decay=0, fused=True)


def forward(index, parameters):
    weight, bias, last_weight, last_bias = parameters
    hidden = torch.baddbmm(bias, images[index], weight).relu()
    return torch.baddbmm(last_bias, hidden, last_weight)


@torch.no_grad()
def right(index, y, parameters=parameters):
    return (forward(index, parameters).argmax(-1) == y).double()


best = torch.full((len(pool),), -1.0)
kept = [part.detach().clone() for part in parameters]
tested, fitted = {}, {}
for step in range(1, EPOCHS * SIZES[-1] // BATCH + 1):
    if step % 16 == 1:
        shuffled = torch.rand(pool.shape).argsort(1).remainder(size).split(BATCH, 1)
    batch = shuffled[(step - 1) % 16]
    logits, y = (
        forward(pool.take_along_dim(batch, 1), parameters),
        given_pool.take_along_dim(batch, 1),
    )
    optimizer.zero_grad()
    (len(pool) * cross_entropy(logits.flatten(0, 1), y.flatten())).backward()
    optimizer.step()
    if step % 8 == 0:
        score = right(validation, given_validation).mean(1)
        for part, copy in zip(parameters, kept, strict=True):
            copy[score > best] = part.detach()[score > best]
        best = torch.maximum(best, score)
    if step in {STEPS} | {EPOCHS * n // BATCH for n in SIZES}:
        tested[step] = right(test, labels[test]).mean(1).view(len(SIZES), SPLITS)
        seen = torch.arange(800) < size
        fits = (right(pool, given_pool) * seen).sum(1) / size[:, 0]
        fitted[step] = fits.view(len(SIZES), SPLITS).mean(1)
stopped = right(test, labels[test], kept).mean(1).view(len(SIZES), SPLITS)

scores = {
    "equal steps": tested[STEPS],
    "equal epochs": torch.stack([tested[EPOCHS * n // BATCH][row] for row, n in enumerate(SIZES)]),
    "stopped": stopped,
}
accuracy = {
    rule: dict(zip(SIZES, rows.mean(1).tolist(), strict=True)) for rule, rows in scores.items()
}
training = {n: fitted[EPOCHS * n // BATCH][row].item() for row, n in enumerate(SIZES)}
after_equal_steps = dict(zip(SIZES, fitted[STEPS].tolist(), strict=True))
paired = {}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---|---|---|---|---|")
for rule, rows in scores.items():
    interval = ttest_rel(rows[3], rows[1]).confidence_interval()
    low, high, mean = *map(float, interval), (rows[3] - rows[1]).mean().item()
    verdict = "800 better" if low > 0 else "200 better" if high < 0 else "cannot tell"
    if low > -MATTERS and high < MATTERS:
        verdict = "no difference that matters"
    paired[rule] = {"mean": mean, "low": low, "high": high, "runs": SPLITS, "matters": MATTERS}
    paired[rule] |= {"verdict": verdict}
    print(f"| 800 against 200, {rule} | {mean:+z.2f} | {low:z.2f} to {high:z.2f}", end="")
    print(f" | {SPLITS} | {MATTERS} | {verdict} |")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.4))
for (rule, rows), line in zip(scores.items(), ("C0-", "C1--", "C2-."), strict=True):
    axes.plot(SIZES, 1 - rows.mean(1), line, marker="o", label=rule)
axes.set(xscale="log", yscale="log", xlabel="training images", ylabel="test error")
axes.set_xticks(SIZES, SIZES)
axes.set_yticks((0.05, 0.1, 0.2, 0.3), (0.05, 0.1, 0.2, 0.3))
axes.minorticks_off()
axes.legend()
