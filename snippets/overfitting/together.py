"""More data helps most; the regularizers help too, but do not add up."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

SEEDS, ROUNDS, BATCH, NOISE, RATE, WIDTH = 5, 15, 40, 0.2, 3e-3, 64
DECAYS, CHANCES = (0.0, 0.5, 2.0), (0.0, 0.3, 0.5)
TRAIN, MORE = 200, 4
SETTINGS = [(TRAIN, decay, p) for decay in DECAYS for p in CHANCES]
SETTINGS += [(MORE * TRAIN, 0.0, 0.0)]
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SEEDS)])
noisy = torch.rand(SEEDS, MORE * TRAIN) < NOISE
targets = torch.where(noisy, torch.randint(10, noisy.shape), labels[order[:, 997:]])
targets, order = (x.repeat(len(SETTINGS), 1) for x in (targets, order))
test, validation, pool = order.split([700, 297, MORE * TRAIN], 1)
size, decay, p = torch.tensor(SETTINGS).repeat_interleave(SEEDS, 0).T[:, :, None, None]

layers = [
    [(torch.rand(len(pool), rows, fan_out) * 2 - 1) / fan_in**0.5 for rows in (fan_in, 1)]
    for fan_in, fan_out in ((64, WIDTH), (WIDTH, WIDTH), (WIDTH, 10))
]
parameters = [parameter.requires_grad_() for layer in layers for parameter in layer]
optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0, fused=True)


def forward(x, p=0.0):
    for weight, bias in layers[:-1]:
        x = torch.baddbmm(bias, x, weight).relu()
        x = x * (torch.rand_like(x) >= p) / (1 - p)
    return torch.baddbmm(layers[-1][1], x, layers[-1][0])


@torch.no_grad()
def measure(index):
    logits = forward(images[index])
    loss = cross_entropy(logits.transpose(1, 2), labels[index], reduction="none").mean(1)
    accuracy = (logits.argmax(-1) == labels[index]).float().mean(1)
    return loss.view(-1, SEEDS), accuracy.view(-1, SEEDS)


history = []
for _ in range(ROUNDS):
    shuffled = torch.rand(pool.shape).argsort(1).remainder(size[:, 0].long())
    for batch in shuffled.split(BATCH, 1):
        logits = forward(images[pool.take_along_dim(batch, 1)], p)
        y = targets.take_along_dim(batch, 1)
        loss = cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum") / BATCH
        optimizer.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter.mul_(1 - RATE * decay)
        optimizer.step()
    history.append(measure(validation) + measure(test)[1:])
validation_loss, validation_accuracy, test_accuracy = map(torch.stack, zip(*history, strict=True))


def choose(settings, stop=False):
    rounds = validation_loss[:, settings].argmin(0)
    rounds = rounds if stop else torch.full_like(rounds, ROUNDS - 1)
    scores, results = (
        x[:, settings].gather(0, rounds[None])[0] for x in (validation_accuracy, test_accuracy)
    )
    return results.gather(0, scores.argmax(0)[None])[0]


results = {
    "nothing": choose([0]),
    "weight decay": choose([0, 3, 6]),
    "dropout": choose([0, 1, 2]),
    "early stopping": choose([0], stop=True),
    "all three": choose(range(9), stop=True),
    "more data": choose([9]),
    "more data, stopped": choose([9], stop=True),
}
gains = {name: x - results["nothing"] for name, x in results.items()}
accuracy = {name: x.mean().item() for name, x in results.items()}
spread = {name: x.std().item() for name, x in results.items()}
gain = {name: x.mean().item() for name, x in gains.items()}
gain_error = {name: x.std().item() / SEEDS**0.5 for name, x in gains.items()}
fitted = forward(images[pool])[:SEEDS, :TRAIN].argmax(-1) == targets[:SEEDS, :TRAIN]
training = fitted.float().mean().item()
sampling_error = (accuracy["all three"] * (1 - accuracy["all three"]) / 700) ** 0.5
networks = len(pool)
peeking = test_accuracy[:, :9].flatten(0, 1).max(0).values.mean().item()
chinese = "什么也不做", "权重衰减", "暂退法", "早停", "三者一起", "更多数据", "更多数据加早停"
print("| remedy | 对策 | accuracy | gain |\n|---|---|---|---|")
for (name, mean), translated in zip(accuracy.items(), chinese, strict=True):
    cells = f"{mean:.2f} ± {spread[name]:.2f} | {gain[name]:+.3f} ± {gain_error[name]:.3f}"
    print(f"| {name} | {translated} | {cells if gain[name] else cells[:11] + ' |'} |")

# %%
figure, (left, right) = plt.subplots(
    1, 2, sharey=True, figsize=(6.4, 3.2), width_ratios=(3, 2), layout="constrained"
)
for row, name in enumerate(results):
    left.plot(results[name], [row] * SEEDS, ".", color="0.6")
    left.errorbar(accuracy[name], row, xerr=spread[name], color="C0", fmt="o", capsize=3)
    right.errorbar(gain[name], row, xerr=gain_error[name], color="C1", fmt="s", capsize=3)
left.set_yticks(range(len(results)), results)
left.set(xlabel="test accuracy", ylim=(len(results) - 0.5, -0.5))
right.axvline(0, color="0.6", linestyle=":")
right.set(xlabel="gain over nothing")
