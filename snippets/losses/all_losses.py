"""Every loss class that the installed torch.nn has, with the problem it is for."""

import torch

MANUAL = "https://docs.pytorch.org/docs/stable/generated/torch.nn.{}.html"
PROBLEMS = {
    "regression": "回归",
    "counts": "计数",
    "two classes": "二分类",
    "many classes": "多分类",
    "many labels": "多标签分类",
    "distributions": "概率分布",
    "sequences": "序列",
    "similarity": "相似度",
    "ranking": "排序",
}
DESCRIPTIONS = """
L1Loss | regression | mean absolute error; estimates the median | 平均绝对误差；估计中位数
MSELoss | regression | mean squared error; estimates the mean | 均方误差；估计均值
HuberLoss | regression | squared up to delta, straight beyond | delta以内是平方，以外是直线
SmoothL1Loss | regression | Huber's loss divided by beta | Huber损失除以beta
GaussianNLLLoss | regression | estimates the mean and the variance | 同时估计均值和方差
PoissonNLLLoss | counts | negative log-likelihood; estimates a rate | 负对数似然；估计发生率
BCEWithLogitsLoss | two classes | one logit per yes-or-no question | 每个是非题一个logit
BCELoss | two classes | the same from probabilities; less stable | 同上，但输入概率，不够稳定
SoftMarginLoss | two classes | BCEWithLogitsLoss for labels -1 and 1 | 即标签为±1的BCEWithLogitsLoss
CrossEntropyLoss | many classes | logits in; estimates class probabilities | 输入logit；估计类别概率
NLLLoss | many classes | the same from log-probabilities | 同上，但输入对数概率
LinearCrossEntropyLoss | many classes | linear layer and cross-entropy in one | 线性层与交叉熵合一
AdaptiveLogSoftmaxWithLoss | many classes | large vocabularies at low cost | 词表很大时省时间
MultiMarginLoss | many classes | the right score ahead by a margin | 正确类的分数要领先一段间隔
MultiLabelSoftMarginLoss | many labels | a yes-or-no question for each label | 每个标签一道是非题
MultiLabelMarginLoss | many labels | right labels ahead by a margin | 正确标签都要领先一段间隔
KLDivLoss | distributions | divergence of one distribution from another | 一个分布到另一个分布的散度
CTCLoss | sequences | labels without known positions in time | 标签在时间上的位置未知
CosineEmbeddingLoss | similarity | pairs: same or different direction | 成对：方向相同还是不同
HingeEmbeddingLoss | similarity | pairs: a given distance small or large | 成对：距离该小还是该大
TripletMarginLoss | similarity | nearer to its like than to another | 离同类比离异类更近
TripletMarginWithDistanceLoss | similarity | the same with your own distance | 同上，距离函数由你给
MarginRankingLoss | ranking | which of two scores should be higher | 两个分数谁该更高
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
print("| loss | problem | meaning | 问题 | 含义 |")
print("|---|---|---|---|---|")
for name, problem, english, chinese in rows:
    link = f"[`{name}`]({MANUAL.format(name)})"
    print(f"| {link} | {problem} | {english} | {PROBLEMS[problem]} | {chinese} |")
