"""The validation loss turns upwards while the network learns the wrong labels."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

SPLITS, EPOCHS, BATCH, NOISE, RATE, WIDTH = 20, 60, 50, 0.2, 1e-2, 64
TEST, VALIDATION, TRAIN = 700, 100, 200
torch.set_default_dtype(torch.float64)
digits = load_digits()
images, labels = torch.tensor(digits.data) / 16, torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SPLITS)])
given = torch.where(torch.rand(order.shape) < NOISE, torch.randint(10, order.shape), labels[order])
test, validation, train, _ = order.split([TEST, VALIDATION, TRAIN, 797], 1)
_, given_validation, given_train, _ = given.split([TEST, VALIDATION, TRAIN, 797], 1)
wrong = given_train != labels[train]

# all networks in one tensor, trained at once: the same as one by one, but fast
layers = [
    [(torch.rand(SPLITS, rows, fan_out) * 2 - 1) / fan_in**0.5 for rows in (fan_in, 1)]
    for fan_in, fan_out in ((64, WIDTH), (WIDTH, 10))
]
parameters = [part.requires_grad_() for layer in layers for part in layer]
optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0)


def forward(index):
    hidden = torch.baddbmm(layers[0][1], images[index], layers[0][0]).relu()
    return torch.baddbmm(layers[1][1], hidden, layers[1][0])


@torch.no_grad()
def measure(index, y):
    logits = forward(index)
    loss = cross_entropy(logits.transpose(1, 2), y, reduction="none").mean(1)
    return loss, logits.argmax(-1) == y


history = []
for _ in range(EPOCHS):
    for batch in torch.rand(train.shape).argsort(1).split(BATCH, 1):
        logits, y = forward(train.take_along_dim(batch, 1)), given_train.take_along_dim(batch, 1)
        optimizer.zero_grad()
        # times SPLITS: the mean is taken over all networks, and each has a step of its own
        (SPLITS * cross_entropy(logits.flatten(0, 1), y.flatten())).backward()
        optimizer.step()
    (train_loss, fit), (loss, _) = (
        measure(train, given_train),
        measure(validation, given_validation),
    )
    right = measure(test, labels[test])[1].double().mean(1)
    history.append((train_loss, loss, fit[wrong].double().mean(), right))
train_loss, validation_loss, memorised, accuracy = map(torch.stack, zip(*history, strict=True))

weights = sum(part[0].numel() for part in parameters)
train_accuracy, mean = fit.double().mean().item(), accuracy[-1].mean().item()
spread, mislabelled = accuracy[-1].std().item(), wrong.double().mean().item()
expected, rule_only, IMAGES = 0.9 * NOISE, 1 - mislabelled, len(images)
best_epochs = (validation_loss.argmin(0) + 1).tolist()
earliest, latest = min(best_epochs), max(best_epochs)
least_memorised, all_memorised = memorised.min().item(), memorised[-1].item()
steadfast, ripest = memorised.argmin().item() + 1, accuracy.mean(1).argmax().item() + 1
peak = accuracy.mean(1).max().item()
rise = (validation_loss[-1] / validation_loss.min(0).values).mean().item()
print(f"training accuracy {train_accuracy:.2f}, accuracy on new images {mean:.2f}")
print(f"best on the way: {peak:.2f}, at epoch {ripest}")

# %%
epochs = range(1, EPOCHS + 1)
figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.2), layout="constrained")
lines = (train_loss, "C0-", "training"), (validation_loss, "C1--", "validation")
for curves, line, label in lines:
    left.plot(epochs, curves[:, :5], line, linewidth=0.7, alpha=0.5)
    left.plot(epochs, curves.mean(1), line, label=label)
lowest = validation_loss.mean(1).min(0)
left.plot(lowest.indices + 1, lowest.values, "o", color="C1")
left.set(xlabel="epoch", ylabel="loss", ylim=(0, 3.6))
left.legend(loc="upper left")
right.plot(epochs, accuracy.mean(1), "C1--", label="right on new images")
right.plot(epochs, memorised, "C3-", label="wrong labels learned")
right.set(xlabel="epoch", ylabel="share", ylim=(0, 1.5), yticks=(0, 0.5, 1))
right.legend(loc="upper right")
