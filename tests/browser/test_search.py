"""The search shows first the page a reader looks for, and under it the section."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from visit import Visit, search

CHINESE = {
    "随机梯度下降": "sgd glossary",
    "小批量": "sgd glossary",
    "十份拷贝": "sgd#ten-copies",
    "梯度噪声": "sgd#gradient-noise",
    "批量取多大": "sgd#batch-size",
    "学习率": "sgd optimizers glossary classifier#rate",
    "衰减步长": "sgd#step-size",
    "L-BFGS": "sgd#practical-motivation",
    "优化器": "optimizers glossary",
    "动量": "optimizers#momentum glossary",
    "条件数": "optimizers#momentum glossary",
    "zero_grad": "optimizers#training-loop",
    "RMSprop": "optimizers",
    "betas": "optimizers errata",
    "AdamW": "optimizers#weight-decay optimizers#api optimizers#from-formulas",
    "AMSGrad": "optimizers#adam-fails optimizers#api",
    "解耦权重衰减": "optimizers#weight-decay glossary",
    "交叉熵": "losses#cross-entropy glossary",
    "CrossEntropyLoss": "losses errata#e18",
    "均方误差": "losses glossary",
    "BCEWithLogitsLoss": "losses errata#e19",
    "广播": "losses#broadcasting",
    "softmax两次": "losses#softmax-twice",
    "数值稳定": "losses#stability",
    "标签平滑": "losses glossary",
    "过拟合": "overfitting glossary",
    "数据切分": "overfitting#splits overfitting#wrong-splits errata#e23",
    "数据泄漏": "overfitting#splits overfitting#leaking-copies glossary",
    "暂退法": "overfitting#dropout glossary",
    "Dropout": "overfitting#dropout glossary",
    "早停": "overfitting#early-stopping glossary",
    "提前结束训练": "errata overfitting#early-stopping",
    "双下降": "overfitting#double-descent",
    "参数初始化": "initialisation glossary",
    "Kaiming": "initialisation",
    "Xavier": "initialisation",
    "manual_seed": "initialisation#seed errata#e29",
    "对称性": "initialisation#symmetry glossary",
    "normal_": "initialisation errata#e27",
    "勘误": "errata",
    "术语表": "glossary",
}
ENGLISH = {
    "stochastic gradient descent": "sgd glossary",
    "minibatch": "sgd glossary",
    "ten copies": "sgd#ten-copies",
    "gradient noise": "sgd#gradient-noise",
    "momentum": "optimizers#momentum glossary",
    "condition number": "optimizers#momentum glossary",
    "zero_grad": "optimizers#training-loop",
    "bias correction": "optimizers#adam-parameters glossary",
    "AdamW": "optimizers#weight-decay optimizers#api optimizers#from-formulas",
    "cross-entropy": "losses#cross-entropy glossary",
    "reduction": "losses#gradients",
    "broadcasting": "losses#broadcasting",
    "overfitting": "overfitting glossary",
    "dropout": "overfitting#dropout glossary",
    "early stopping": "overfitting#early-stopping glossary",
    "data leakage": "overfitting#splits overfitting#leaking-copies glossary",
    "double descent": "overfitting#double-descent",
    "Kaiming": "initialisation",
    "symmetry breaking": "initialisation#symmetry glossary",
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
        found = [place(link, reader.origin + edition) for link in search(reader.page, query)]
        if not set(found[:2]) & set(wanted.split()):  # the page, and the first of its sections
            missed[query] = found[:4]
    share = 1 - len(missed) / len(queries)
    print(f"{edition or 'zh/'}: {share:.0%} of {len(queries)} found first; not so {missed}")
    assert share >= 0.9, missed


def test_the_index_is_loaded_by_those_who_search(visit: Callable[..., Visit]) -> None:
    reader = visit()
    page = reader.go("sgd/")
    page.wait_for_load_state("networkidle")

    def asked() -> list[str]:
        return [url for url in reader.requested if url.endswith("search_index.json")]

    assert asked() == []
    assert search(page, "动量")
    assert len(asked()) == 1
    page.goto(f"{reader.origin}sgd/?h=批量")  # come from a result, whose words are marked
    page.wait_for_selector("mark[data-md-highlight]")


def place(link: str, home: str) -> str:
    """Where a result leads, as page or page#section."""
    address = urlsplit(link)
    page = f"{address.scheme}://{address.netloc}{address.path}".removeprefix(home).strip("/")
    return f"{page}#{address.fragment}" if address.fragment else page
