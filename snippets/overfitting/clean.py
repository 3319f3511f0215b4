"""With correct labels there is far less to gain than with wrong ones."""

import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

SPLITS, EPOCHS, BATCH, RATE, MATTERS = 32, 60, 50, 1e-2, 0.02
SETTINGS = [(0.0, 0.0), (0.3, 0.0), (1.0, 0.0), (0.0, 0.3), (0.0, 0.5)]
torch.set_default_dtype(torch.float64)
digits = load_digits()
images, labels = torch.tensor(digits.data) / 16, torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SPLITS)])
order = order.repeat(len(SETTINGS), 1)
test, validation, train, _ = order.split([700, 100, 200, 797], 1)
decay, chance = torch.tensor(SETTINGS).repeat_interleave(SPLITS, 0).T[:, :, None, None]

parameters = [
    ((torch.rand(SPLITS, rows, fan_out) * 2 - 1) / fan_in**0.5).repeat(len(SETTINGS), 1, 1)
    for fan_in, fan_out in ((64, 64), (64, 10))
    for rows in (fan_in, 1)
]
parameters = [part.requires_grad_() for part in parameters]
optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0, fused=True)


def forward(index, training=False):
    weight, bias, last_weight, last_bias = (part[: len(index)] for part in parameters)
    hidden = torch.baddbmm(bias, images[index], weight).relu()
    if training:
        hidden = hidden * (torch.rand_like(hidden) >= chance) / (1 - chance)
    return torch.baddbmm(last_bias, hidden, last_weight)


@torch.no_grad()
def accuracy(index):
    return (forward(index).argmax(-1) == labels[index]).double().mean(1)


best, restored = torch.full((SPLITS,), -1.0), torch.zeros(SPLITS)
for _ in range(EPOCHS):
    shuffled = torch.rand(SPLITS, 200).argsort(1).repeat(len(SETTINGS), 1)
    for batch in shuffled.split(BATCH, 1):
        index = train.take_along_dim(batch, 1)
        logits = forward(index, training=True)
        optimizer.zero_grad()
        (len(train) * cross_entropy(logits.flatten(0, 1), labels[index].flatten())).backward()
        with torch.no_grad():  # what AdamW does, with a strength for each network
            for part in parameters:
                part.mul_(1 - RATE * decay)
        optimizer.step()
    score = accuracy(validation[:SPLITS])  # of the networks without a remedy
    restored = torch.where(score > best, accuracy(test[:SPLITS]), restored)
    best = torch.maximum(best, score)
score, tested = (accuracy(index).view(-1, SPLITS) for index in (validation, test))


def choose(settings):
    return tested[settings].gather(0, score[settings].argmax(0)[None])[0]


results = {
    "weight decay": choose([0, 1, 2]),
    "dropout": choose([0, 3, 4]),
    "early stopping": restored,
}
nothing = tested[0]
without = nothing.mean().item()
paired = {}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---|---|---|---|---|")
for name, one in results.items():
    low, high = map(float, ttest_rel(one, nothing).confidence_interval())
    mean = (one - nothing).mean().item()
    verdict = f"{name if low > 0 else 'nothing'} better" if low * high > 0 else "cannot tell"
    if low > -MATTERS and high < MATTERS:
        verdict = "no difference that matters"
    paired[name] = {"mean": mean, "low": low, "high": high, "runs": SPLITS, "matters": MATTERS}
    paired[name] |= {"verdict": verdict}
    print(f"| {name} against nothing | {mean:+z.3f} | {low:+z.3f} to {high:+z.3f}", end="")
    print(f" | {SPLITS} | {MATTERS} | {verdict} |")
