"""Every loss class that the installed torch.nn has, with the problem it is for."""

import torch

DESCRIPTIONS = """
L1Loss | regression | mean absolute error; estimates the median
MSELoss | regression | mean squared error; estimates the mean
HuberLoss | regression | squared up to delta, straight beyond
SmoothL1Loss | regression | Huber's loss divided by beta
GaussianNLLLoss | regression | estimates the mean and the variance
PoissonNLLLoss | counts | negative log-likelihood; estimates a rate
BCEWithLogitsLoss | two classes | one logit per yes-or-no question
BCELoss | two classes | the same from probabilities; less stable
SoftMarginLoss | two classes | BCEWithLogitsLoss for labels -1 and 1
CrossEntropyLoss | many classes | logits in; estimates class probabilities
NLLLoss | many classes | the same from log-probabilities
LinearCrossEntropyLoss | many classes | linear layer and cross-entropy in one
AdaptiveLogSoftmaxWithLoss | many classes | large vocabularies at low cost
MultiMarginLoss | many classes | the right score ahead by a margin
MultiLabelSoftMarginLoss | many labels | a yes-or-no question for each label
MultiLabelMarginLoss | many labels | right labels ahead by a margin
KLDivLoss | distributions | divergence of one distribution from another
CTCLoss | sequences | labels without known positions in time
CosineEmbeddingLoss | similarity | pairs: same or different direction
HingeEmbeddingLoss | similarity | pairs: a given distance small or large
TripletMarginLoss | similarity | nearer to its like than to another
TripletMarginWithDistanceLoss | similarity | the same with your own distance
MarginRankingLoss | ranking | which of two scores should be higher
"""
rows = [line.split(" | ") for line in DESCRIPTIONS.strip().splitlines()]
described = {name for name, *rest in rows}
installed = {
    name
    for name, thing in vars(torch.nn).items()
    if name.endswith("Loss") and isinstance(thing, type)
}
if described != installed:
    raise LookupError(f"the table and torch.nn differ by {sorted(described ^ installed)}")
count, version = len(installed), torch.__version__.partition("+")[0]
print("| loss | problem | meaning |")
print("|---|---|---|")
for name, problem, meaning in rows:
    print(f"| `{name}` | {problem} | {meaning} |")
