"""Every loss class, constructed and called once, gives a number."""

import torch
from torch import nn

torch.manual_seed(12)
x, y, score = torch.randn(5), torch.randn(5), torch.randn(5, 3)
yes = torch.tensor([1.0, 0.0, 1.0, 0.0, 0.0])
sign = torch.tensor([1.0, -1.0, 1.0, -1.0, 1.0])
kind, words = torch.tensor([0, 2, 1, 1, 0]), torch.tensor([1, 0, 2, 7, 9])
labels = torch.tensor([[1.0, 0.0, 1.0]] * 5)
a, b, c = torch.randn(5, 4), torch.randn(5, 4), torch.randn(5, 4)
time, text = torch.randn(6, 2, 3), torch.tensor([[1, 2], [2, 1]])
lengths = torch.tensor([6, 6])
CALLS = """
L1Loss | ()(x, y)
MSELoss | ()(x, y)
HuberLoss | (delta=1.0)(x, y)
SmoothL1Loss | (beta=1.0)(x, y)
GaussianNLLLoss | ()(x, y, x.exp())
PoissonNLLLoss | ()(x, kind)
BCEWithLogitsLoss | ()(x, yes)
BCELoss | ()(x.sigmoid(), yes)
SoftMarginLoss | ()(x, sign)
CrossEntropyLoss | ()(score, kind)
NLLLoss | ()(score.log_softmax(1), kind)
LinearCrossEntropyLoss | (4, 3)(a, kind)
AdaptiveLogSoftmaxWithLoss | (4, 10, cutoffs=[3])(a, words).loss
MultiMarginLoss | ()(score, kind)
MultiLabelSoftMarginLoss | ()(score, labels)
MultiLabelMarginLoss | ()(score, torch.tensor([[0, 2, -1]] * 5))
KLDivLoss | (reduction="batchmean")(score.log_softmax(1), a[:, :3].softmax(1))
CTCLoss | ()(time.log_softmax(2), text, lengths, torch.tensor([2, 2]))
CosineEmbeddingLoss | ()(a, b, sign)
HingeEmbeddingLoss | ()((a - b).norm(dim=1), sign)
TripletMarginLoss | ()(a, b, c)
TripletMarginWithDistanceLoss | (distance_function=nn.PairwiseDistance())(a, b, c)
MarginRankingLoss | ()(x, y, sign)
"""
results = {}
print("| construct, then call | result |")
print("|---|---|")
for line in CALLS.strip().splitlines():
    name, call = line.split(" | ")
    results[name] = eval(f"nn.{name}{call}").item()
    print(f"| `nn.{name}{call}` | {results[name]:.3f} |")
called = len(results)
known = {n for n, t in vars(nn).items() if n.endswith("Loss") and isinstance(t, type)}
missing = known - set(results)
if missing:
    raise LookupError(f"not called: {sorted(missing)}")
