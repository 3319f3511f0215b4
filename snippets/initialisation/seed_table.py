"""A seed fixes one generator's state; every draw since then counts."""

import random

import torch
from torch import nn

SHAPE = (16, 3, 3, 3)


def seeded(draw):
    torch.manual_seed(12)
    return draw()


def weights(generator=None):
    return nn.init.normal_(torch.empty(SHAPE), generator=generator)


def conv1():
    return nn.Conv2d(3, 16, 3)


def own():
    return torch.Generator().manual_seed(12)


def forked():
    with torch.random.fork_rng(devices=[]):
        torch.rand(100)


def article(earlier):
    torch.manual_seed(earlier)
    layer = conv1()
    seeded(lambda: nn.init.normal_(layer.weight))
    return layer


def after(event):
    return seeded(weights), seeded(lambda: (event(), weights())[1])


def corner(*shape):
    return seeded(lambda: torch.randn(shape))[0, 0]


drop, ones = nn.Dropout(0.5), torch.ones(8)
wide = seeded(lambda: torch.randn(SHAPE, dtype=torch.float64)).float()
pairs = {
    "seed and `normal_`, twice": after(lambda: None),
    "one seed, `normal_` twice": after(weights),
    "seed, then another layer first": after(conv1),
    "seed, then dropout first": after(lambda: drop(ones)),
    "seed, then dropout in `eval()` mode first": after(lambda: drop.eval()(ones)),
    "seed, then `fork_rng()`": after(forked),
    "seed, then Python's `random.seed`": after(lambda: random.seed(0)),
    "seed, then another generator draws": after(lambda: weights(own())),
    "global seed, own `generator=`": (seeded(weights), weights(own())),
    "the article: weights": (article(1).weight, article(2).weight),
    "the article: biases": (article(1).bias, article(2).bias),
    "seed before `Conv2d()`: biases": [seeded(conv1).bias for _ in "ab"],
    "`randn(1, 7)`, `randn(1, 8)`": (corner(1, 7), corner(1, 8)),
    "`randn(1, 8)`, `randn(2, 8)`": (corner(1, 8), corner(2, 8)),
    "`float32`, `float64`": (seeded(weights), wide),
}
count = len(pairs)
same = {name: torch.equal(*pair) for name, pair in pairs.items()}
print("| compared | same |\n|---|---|")
for name, equal in same.items():
    print(f"| {name} | {'✓' if equal else '✗'} |")
