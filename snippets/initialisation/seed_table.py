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
    "seed and `normal_`, twice | 设种子再`normal_`，做两遍": after(lambda: None),
    "one seed, `normal_` twice | 设一次种子，`normal_`两次": after(weights),
    "seed, then another layer first | 设种子，但先建了一层": after(conv1),
    "seed, then dropout first | 设种子，但先过了暂退法": after(lambda: drop(ones)),
    "the same in `eval()` mode | 同上，`eval()`模式": after(lambda: drop.eval()(ones)),
    "seed, then `fork_rng()` | 设种子，再`fork_rng()`": after(forked),
    "Python's `random.seed` | Python的`random.seed`": after(lambda: random.seed(0)),
    "another generator draws | 另一个生成器抽样": after(lambda: weights(own())),
    "global seed, own `generator=` | 全局种子与`generator=`": (seeded(weights), weights(own())),
    "the article: weights | 原文：权重": (article(1).weight, article(2).weight),
    "the article: biases | 原文：偏置": (article(1).bias, article(2).bias),
    "seed before `Conv2d()`: biases | 先设种子再建层：偏置": [seeded(conv1).bias for _ in "ab"],
    "`randn(1, 7)`, `randn(1, 8)` | `randn(1, 7)`，`randn(1, 8)`": (corner(1, 7), corner(1, 8)),
    "`randn(1, 8)`, `randn(2, 8)` | `randn(1, 8)`，`randn(2, 8)`": (corner(1, 8), corner(2, 8)),
    "`float32`, `float64` | `float32`，`float64`": (seeded(weights), wide),
}
same = {name.split(" |")[0]: torch.equal(*pair) for name, pair in pairs.items()}
print("| compared | 比较 | same |\n|---|---|---|")
for name, equal in zip(pairs, same.values(), strict=True):
    print(f"| {name} | {'✓' if equal else '✗'} |")
