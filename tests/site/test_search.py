"""The search finds first what a reader of either language looks for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from visit import Visit, search

CHINESE = {
    "随机梯度下降": "sgd glossary",
    "小批量": "sgd glossary#minibatch",
    "十份拷贝": "sgd#ten-copies",
    "梯度噪声": "sgd#gradient-noise",
    "批量取多大": "sgd#batch-size",
    "学习率": "sgd optimizers glossary#learning-rate",
    "衰减步长": "sgd#step-size",
    "L-BFGS": "sgd#practical-motivation",
    "优化器": "optimizers glossary#optimizer",
    "动量": "optimizers#momentum glossary#momentum",
    "条件数": "optimizers#momentum glossary#condition-number",
    "zero_grad": "optimizers#training-loop",
    "RMSprop": "optimizers",
    "betas": "optimizers errata",
    "AdamW": "optimizers#weight-decay optimizers#api optimizers#from-formulas",
    "AMSGrad": "optimizers#adam-fails optimizers#api",
    "解耦权重衰减": "optimizers#weight-decay glossary#decoupled-weight-decay",
    "交叉熵": "losses#cross-entropy glossary#cross-entropy",
    "CrossEntropyLoss": "losses errata#e18",
    "均方误差": "losses glossary#mean-squared-error",
    "BCEWithLogitsLoss": "losses errata#e19",
    "广播": "losses#broadcasting",
    "softmax两次": "losses#softmax-twice",
    "数值稳定": "losses#stability",
    "标签平滑": "losses glossary#label-smoothing",
    "过拟合": "overfitting glossary#overfitting",
    "数据切分": "overfitting#splits errata#e23",
    "数据泄漏": "overfitting#splits glossary#data-leakage",
    "暂退法": "overfitting#dropout glossary#dropout",
    "Dropout": "overfitting#dropout glossary#dropout",
    "早停": "overfitting#early-stopping glossary#early-stopping",
    "提前结束训练": "errata overfitting#early-stopping",
    "双下降": "overfitting#double-descent",
    "参数初始化": "initialisation glossary#parameter-initialization",
    "Kaiming": "initialisation",
    "Xavier": "initialisation",
    "manual_seed": "initialisation#seed errata#e29",
    "对称性": "initialisation#symmetry glossary#symmetry-breaking",
    "normal_": "initialisation errata#e27",
    "勘误": "errata",
    "术语表": "glossary",
}
ENGLISH = {
    "stochastic gradient descent": "sgd glossary",
    "minibatch": "sgd glossary#minibatch",
    "ten copies": "sgd#ten-copies",
    "gradient noise": "sgd#gradient-noise",
    "momentum": "optimizers#momentum glossary#momentum",
    "condition number": "optimizers#momentum glossary#condition-number",
    "zero_grad": "optimizers#training-loop",
    "bias correction": "optimizers#adam-parameters glossary#bias-correction",
    "AdamW": "optimizers#weight-decay optimizers#api optimizers#from-formulas",
    "cross-entropy": "losses#cross-entropy glossary#cross-entropy",
    "reduction": "losses#gradients",
    "broadcasting": "losses#broadcasting",
    "overfitting": "overfitting glossary#overfitting",
    "dropout": "overfitting#dropout glossary#dropout",
    "early stopping": "overfitting#early-stopping glossary#early-stopping",
    "data leakage": "overfitting#splits glossary#data-leakage",
    "double descent": "overfitting#double-descent",
    "Kaiming": "initialisation",
    "symmetry breaking": "initialisation#symmetry glossary#symmetry-breaking",
    "manual_seed": "initialisation#seed errata#e29",
}


@pytest.mark.parametrize(("edition", "queries"), [("", CHINESE), ("en/", ENGLISH)])
def test_what_is_looked_for_is_found_first(
    visit: Callable[..., Visit], edition: str, queries: dict[str, str]
) -> None:
    reader = visit()
    reader.go(edition)
    missed = {}
    for query, wanted in queries.items():
        found = search(reader.page, query)
        first = found[0].partition("?")[0] + "#" + found[0].partition("#")[2] if found else ""
        place = first.removeprefix(reader.origin + edition).replace("/#", "#")
        if not any(fits(place, target) for target in wanted.split()):
            missed[query] = place
    share = 1 - len(missed) / len(queries)
    print(f"{edition or 'zh/'}: {share:.0%} of {len(queries)} queries found first; missed {missed}")
    assert share >= 0.9, missed


def fits(place: str, target: str) -> bool:
    """Whether a place is the page, or the section, that was wanted."""
    return place == target if "#" in target else place.partition("#")[0] == target
