# ---
# title: 从头到尾：训练一个数字分类器
# description: 一个可以下载、从上到下运行的notebook：诚实的切分、初始化、调学习率、选暂退法与权重衰减、早停，最后只看一次测试集，并给出置信区间。
# asked:
#   data: [load_digits, 手写数字数据集, MNIST, digits dataset]
#   split: [怎么划分训练验证测试, train_test_split stratify]
#   start: [搭建网络, 初始损失应该是多少, initial loss sanity check]
#   loop: [完整的训练代码, 训练函数, full training code, train function]
#   rate: [学习率搜索, 调参, learning rate search, grid search]
#   regularisation: [dropout和weight decay怎么调, 正则化调参]
#   early-stopping: [早停的效果, 哪一轮最好, best epoch]
#   interval: [置信区间, 准确率误差, confidence interval]
#   test: [最终测试准确率, 混淆矩阵, confusion matrix, final test accuracy]
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 从头到尾：训练一个数字分类器
#
# 前五章一次讲一件事。这里把它们接起来，训练一个认手写数字的网络，从切分数据一直走到报告结果。每一步都链接到讲它的那一节；忘了哪一步，就点回去看。
#
# 全篇只有一条规矩：**凡是要选的，都在验证集上选；测试集只看一次，在最后。** 页面上的输出都来自建站时的这一次运行。下载的notebook在Jupyter里从上到下运行，不到一分钟，只需要torch、matplotlib和scikit-learn。换一台电脑，训练出来的数字会差一点。

# %% [markdown]
# ## 数据 { #data }
#
# scikit-learn自带的手写数字，每张$8 \times 8$像素，原值从0到16。除以16只是换了单位，没有从数据里估计任何东西，所以可以在切分之前做。要是减去的是均值、除以的是标准差，就只能用训练集来算。
#
# 先查一件小事：有没有完全相同的图像？[十份拷贝](overfitting.md#leaking-copies)一旦落在切分的两边，测试结果就是假的。

# %%
import copy
import math

import matplotlib.pyplot as plt
import torch
from IPython.display import Markdown, display
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn.functional import cross_entropy

torch.set_num_threads(1)
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)
print(f"{len(images)} images, {len(images.unique(dim=0))} of them different")
print(f"{images.shape[1]} pixels, from {images.min():g} to {images.max():g}")
print(f"images of each digit: {labels.bincount().tolist()}")

# %% [markdown]
# 没有重复，十个数字也大致一样多。动手之前，总要亲眼看看数据：

# %% alt="前十六张手写数字图像，每张上方是它的标签。"
figure, axes = plt.subplots(2, 8, figsize=(6.4, 1.9))
for panel, image, label in zip(axes.flat, images, labels, strict=False):
    panel.imshow(image.view(8, 8), cmap="viridis")
    panel.set_title(label.item())
    panel.axis("off")
plt.show()

# %% [markdown]
# ## 切成三份 { #split }
#
# [训练集](glossary.md#training-set)用来算梯度，[验证集](glossary.md#validation-set)用来做选择，[测试集](glossary.md#test-set)用来报告。切分前打乱，并让每个数字在三份里的比例相同（`stratify`）。[合理的数据切分](overfitting.md#splits)量过几种切错的后果。
#
# 测试集的下标封进一个只能取一次的迭代器，原来的名字删掉。下面的代码想偷看也看不了，取第二次会报错。

# %%
TRAIN_SIZE, TEST_SIZE = 1000, 450
rest, test = train_test_split(
    torch.arange(len(images)), test_size=TEST_SIZE, stratify=labels, random_state=0
)
train, validation = train_test_split(
    rest, train_size=TRAIN_SIZE, stratify=labels[rest], random_state=0
)
sealed = iter([test])
print(f"{len(train)} to train, {len(validation)} to choose, {len(test)} sealed")
assert len(torch.cat([train, validation, test]).unique()) == len(images)
del rest, test

# %% [markdown]
# **它保证不了的事。** 这些数字出自十几个人之手，数据里没有写明哪张是谁写的，所以同一个人的字可能分在两边。最后的准确率说的是“这些人的新字”，不是“新的人的字”。

# %% [markdown]
# ## 网络与第一个损失 { #start }
#
# 两个隐藏层的[多层感知机](glossary.md#multilayer-perceptron)。它输出[logit](glossary.md#logit)，不加softmax：`cross_entropy`里已经有了，[不要做两次](losses.md#softmax-twice)。ReLU之前的层用Kaiming[初始化](initialisation.md#one-layer)，最后一层用Xavier，偏置为零。
#
# 训练之前就能做第一次检查。什么也不懂的网络，损失应当在$\ln 10$附近（[为什么](losses.md#cross-entropy)）。作为对照，文章里的$N(0,1)$会怎样？

# %%
WIDTH = 128


def build(dropout=0.0):
    hidden = [nn.Linear(64, WIDTH), nn.Linear(WIDTH, WIDTH)]
    last = nn.Linear(WIDTH, 10)
    for layer in hidden:
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.xavier_normal_(last.weight)
    for layer in (*hidden, last):
        nn.init.zeros_(layer.bias)
    blocks = [(layer, nn.ReLU(), nn.Dropout(dropout)) for layer in hidden]
    return nn.Sequential(*blocks[0], *blocks[1], last)


@torch.no_grad()
def measure(model, index):
    model.eval()
    logits = model(images[index])
    accuracy = (logits.argmax(1) == labels[index]).double().mean()
    return cross_entropy(logits, labels[index]).item(), accuracy.item()


torch.manual_seed(0)
model, careless = build(), build()
for layer in careless:
    if isinstance(layer, nn.Linear):
        nn.init.normal_(layer.weight, std=1.0)
first_loss, first_accuracy = measure(model, train)
careless_loss, _ = measure(careless, train)
print(f"guessing: loss ln 10 = {math.log(10):.2f}, accuracy 0.10")
print(f"Kaiming:  loss {first_loss:.2f}, accuracy {first_accuracy:.2f}")
print(f"N(0, 1):  loss {careless_loss:.0f}")

# %% [markdown]
# Kaiming的第一个损失在$\ln 10$旁边。$N(0,1)$的损失大了两个数量级：还没见过一个标签，它已经满怀信心地猜错了。两层的网络也许还救得回来，[十层就不行](initialisation.md#ten)。
#
# 第二次检查：二十张图像，网络应当能背下来。背不下来，就是代码有错，不必再往下走。用到的是[四行循环](optimizers.md#training-loop)。

# %%
few = train[:20]
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.0)
for _ in range(200):
    loss = cross_entropy(model(images[few]), labels[few])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
few_loss, few_accuracy = measure(model, few)
print(f"the same {len(few)} images: loss {few_loss:.4f}, accuracy {few_accuracy:.2f}")

# %% [markdown]
# ## 训练，并在最好的地方停下 { #loop }
#
# 下面的函数是全篇的核心，没有一行是新的：
#
# * 每[轮](glossary.md#epoch)重新打乱，[无放回](sgd.md#without-replacement)地取小批量；
# * AdamW，因为它的[权重衰减是解耦的](optimizers.md#weight-decay)；
# * 训练时`train()`，打分时`eval()`，否则[暂退法](overfitting.md#dropout)的掩码不会关掉；
# * [早停](overfitting.md#early-stopping)：验证损失连续`PATIENCE`轮没有新低就停，并取回最低点的权重。`deepcopy`不能省，`state_dict()`给的是引用。

# %%
BATCH, EPOCHS, PATIENCE = 100, 40, 6


def fit(seed, rate, dropout=0.0, decay=0.0):
    torch.manual_seed(seed)
    model = build(dropout)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay, fused=True)
    training, validating = [], []
    best, kept = math.inf, copy.deepcopy(model.state_dict())
    for epoch in range(EPOCHS):
        model.train()
        losses = []
        for batch in train[torch.randperm(len(train))].split(BATCH):
            loss = cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        training.append(sum(losses) / len(losses))
        validating.append(measure(model, validation)[0])
        if validating[-1] < best:
            best, stop = validating[-1], epoch + PATIENCE
            kept = copy.deepcopy(model.state_dict())
        elif epoch >= stop:
            break
    model.load_state_dict(kept)
    history = {"training": training, "validation": validating}
    return {"model": model, "best": best, **history}


def summary(runs):
    losses = torch.tensor([run["best"] for run in runs])
    epochs = sum(len(run["training"]) for run in runs) / len(runs)
    return losses.mean().item(), losses.std().item(), epochs


# %% [markdown]
# ## 在验证集上选学习率 { #rate }
#
# 先不加任何正则化，只选[学习率](glossary.md#learning-rate)：一个数量级两个候选，每个三个种子。比的是三个种子的平均验证损失；“±”后面是标准差，选中的一行是粗体。为什么要每个设置多个种子，见[公平地比较](optimizers.md#comparison)。

# %%
SEEDS = (0, 1, 2)
RATES = (3e-4, 1e-3, 3e-3, 1e-2, 3e-2)
by_rate = {rate: [fit(seed, rate) for seed in SEEDS] for rate in RATES}
rate = min(RATES, key=lambda rate: summary(by_rate[rate])[0])
rows = ["| rate | validation loss | epochs |", "|---|---|---|"]
for tried, runs in by_rate.items():
    mean, spread, epochs = summary(runs)
    mark = "**" if tried == rate else ""
    rows.append(f"| {mark}{tried:g}{mark} | {mean:.3f} ± {spread:.3f} | {epochs:.0f} |")
display(Markdown("\n".join(rows)))

# %% alt="验证损失随学习率变化的碗形曲线，灰点是三个种子，方块标出选中的学习率，它不在网格边上。"
figure, axes = plt.subplots(figsize=(6.4, 3.0))
for tried, runs in by_rate.items():
    axes.plot([tried] * len(runs), [run["best"] for run in runs], "o", color="0.6")
axes.plot(RATES, [summary(by_rate[tried])[0] for tried in RATES], color="C0", label="mean")
axes.plot(rate, summary(by_rate[rate])[0], "s", color="C1", markersize=9, label="chosen")
axes.set(xscale="log", xlabel="learning rate", ylabel="validation loss")
axes.legend()
plt.show()

# %% [markdown]
# 选中的学习率不在网格的边上，所以网格够宽。再看“±”：紧挨着碗底的学习率与它分不出高下。这没有关系，我们要的是一个好的设置，不是名次。太小的学习率吃了轮数有限的亏，给它更多的轮，它会追上来一些。

# %% [markdown]
# ## 在验证集上选暂退法与权重衰减 { #regularisation }
#
# 学习率定下来，再选[暂退概率](overfitting.md#dropout)和[权重衰减](overfitting.md#weight-decay)。两者会互相影响，所以一起试，而不是先定一个再定另一个。（学习率其实也该跟着再调一次；这里为了时间省去，算是一处妥协。）

# %%
DROPOUTS, DECAYS = (0.0, 0.2, 0.4), (0.0, 0.1, 1.0)
by_setting = {
    (dropout, decay): [fit(seed, rate, dropout, decay) for seed in SEEDS]
    for dropout in DROPOUTS
    for decay in DECAYS
}
chosen = min(by_setting, key=lambda setting: summary(by_setting[setting])[0])
rows = ["| dropout | weight decay | validation loss |", "|---|---|---|"]
for (dropout, decay), runs in by_setting.items():
    mean, spread, _ = summary(runs)
    mark = "**" if (dropout, decay) == chosen else ""
    rows.append(f"| {dropout} | {decay} | {mark}{mean:.3f} ± {spread:.3f}{mark} |")
display(Markdown("\n".join(rows)))

# %% alt="三条折线是三种权重衰减，横轴是暂退概率，纵轴是验证损失；适中的暂退概率最低，强衰减的那条最高。"
figure, axes = plt.subplots(figsize=(6.4, 3.2))
for number, decay in enumerate(DECAYS):
    means, spreads, _ = zip(
        *(summary(by_setting[dropout, decay]) for dropout in DROPOUTS), strict=True
    )
    places = [dropout + 0.012 * (number - 1) for dropout in DROPOUTS]
    axes.errorbar(places, means, spreads, marker="o", capsize=3, label=f"decay {decay}")
axes.set(xlabel="dropout probability", ylabel="validation loss", xticks=DROPOUTS)
axes.legend()
plt.show()

# %% [markdown]
# 暂退法有用：适中的暂退概率明显低于不用。弱的权重衰减加与不加，差别在误差棒以内。强衰减单用没有好处，与暂退法叠在一起反而变差。把对策叠起来不一定更好，[五种对策放在一张表里](overfitting.md#together)时已经见过。
#
# 数据干净，网络不大，好处就有限。在[标签有错](overfitting.md#seen)的数据上，同样的对策要管用得多。

# %% [markdown]
# ## 早停做了什么 { #early-stopping }
#
# 拿同一个种子的两次训练来看：左边什么也不加，右边是选中的设置。圆点是取回权重的一轮。

# %% alt="两幅训练曲线。左：不加正则化，训练损失一路降到远低于验证损失。右：选中的设置，两条曲线靠得近得多，验证损失更低；圆点标出取回权重的一轮。"
pair = {"neither": by_setting[0.0, 0.0][0], "chosen": by_setting[chosen][0]}
figure, axes = plt.subplots(1, 2, sharey=True, figsize=(6.4, 3.2))
for panel, (name, run) in zip(axes, pair.items(), strict=True):
    epochs = range(1, len(run["training"]) + 1)
    panel.plot(epochs, run["training"], label="training, masks on")
    panel.plot(epochs, run["validation"], label="validation")
    restored = run["validation"].index(run["best"]) + 1
    panel.plot(restored, run["best"], "o", color="C3", markersize=9, label="restored")
    panel.set(title=name, xlabel="epoch", yscale="log", xlim=(0, EPOCHS + 1))
axes[0].set(ylabel="loss")
axes[0].legend()
plt.show()

# %% [markdown]
# 左边，训练损失还在成倍地降，验证损失早已不动：多出来的轮数只在背训练集。右边，两条线靠近了，最低点也来得更晚、更低。最初几轮训练损失高过验证损失，不是出了错：它是一轮之内的平均，网络还在变好；右边的又带着掩码，每次都缺一些单元。验证损失是在一轮之后、用完整的网络量的。

# %% [markdown]
# ## 先定好怎么报告 { #interval }
#
# 测试集只有几百张，准确率这个数本身有抽样误差。报告之前先选好置信区间的算法，免得看了结果再挑。记量到的准确率为$\hat p$，图像数为$n$，教科书上的$\hat p \pm 1.96\sqrt{\hat p(1-\hat p)/n}$在准确率接近1时靠不住；Wilson（1927）的区间是
#
# $$
# \frac{\hat p + \frac{z^2}{2n} \pm z \sqrt{\frac{\hat p (1 - \hat p)}{n} + \frac{z^2}{4n^2}}}{1 + \frac{z^2}{n}}, \qquad z = 1.96 .
# $$
#
# 哪个更守信用，可以直接算：真准确率已知时，答对的张数服从二项分布，把区间罩住真值的那些情形的概率加起来，应当是0.95。


# %%
def wilson(right, total, z=1.96):
    share = right / total
    centre = share + z**2 / (2 * total)
    half = z * (share * (1 - share) / total + z**2 / (4 * total**2)) ** 0.5
    return (centre - half) / (1 + z**2 / total), (centre + half) / (1 + z**2 / total)


def textbook(right, total, z=1.96):
    share = right / total
    half = z * (share * (1 - share) / total) ** 0.5
    return share - half, share + half


counts = torch.arange(TEST_SIZE + 1.0)
coverage = {}
rows = ["| true accuracy | textbook | Wilson |", "|---|---|---|"]
for truth in (0.95, 0.98, 0.995):
    binomial = torch.distributions.Binomial(TEST_SIZE, torch.tensor(truth))
    chance = binomial.log_prob(counts).exp()
    for method in (textbook, wilson):
        low, high = method(counts, TEST_SIZE)
        held = chance[(low < truth) & (truth < high)].sum()
        coverage[method.__name__, truth] = held.item()
    shares = [f"{coverage[name, truth]:.3f}" for name in ("textbook", "wilson")]
    rows.append(f"| {truth} | {shares[0]} | {shares[1]} |")
display(Markdown("\n".join(rows)))
for method in (textbook, wilson):
    low, high = method(TEST_SIZE, TEST_SIZE)
    print(f"all right, {method.__name__}: from {low:.3f} to {high:.3f}")

# %% [markdown]
# 真准确率很接近1时（最后一行），教科书的区间落空的次数是它承诺的两倍多。要是碰巧全对，它的宽度是零，等于宣称永远不会错。Wilson的区间一直在0.95附近，有时略低，有时略高。Brown、Cai与DasGupta（2001）比较过许多种区间，也不推荐教科书的那一种。

# %% [markdown]
# ## 唯一一次看测试集 { #test }
#
# 选中设置的三个网络里，取验证损失最低的一个。光有一个准确率说明不了什么，还要有[基准](glossary.md#baseline)：最近邻，照抄训练集里最像的那张图像的标签，没有可调的东西。两者一起打分，只此一次。
#
# 它们答的是同一批题，所以除了各自的区间，还数一数只有一方答对的题。如果两者一样好，这些题落在哪一方就像抛硬币，符号检验给出这样偏或更偏的概率$p$。

# %%
final = min(by_setting[chosen], key=lambda run: run["best"])["model"].eval()
test = next(sealed)
with torch.no_grad():
    logits = final(images[test])
guesses = logits.argmax(1)
nearest = labels[train[torch.cdist(images[test], images[train]).argmin(1)]]
network, neighbour = guesses == labels[test], nearest == labels[test]

rows = ["| | right | accuracy | 95 % interval |", "|---|---|---|---|"]
for name, right in (("network", network), ("neighbour", neighbour)):
    low, high = wilson(right.sum().item(), TEST_SIZE)
    share = f"{right.sum()} of {TEST_SIZE} | {right.double().mean():.3f}"
    rows.append(f"| {name} | {share} | {low:.3f} to {high:.3f} |")
display(Markdown("\n".join(rows)))

only = [(network & ~neighbour).sum().item(), (neighbour & ~network).sum().item()]
tail = sum(math.comb(sum(only), k) for k in range(min(only) + 1))
sign_test = min(1.0, 2 * tail / 2 ** sum(only))
print(f"only the network is right: {only[0]}; only the neighbour: {only[1]}")
print(f"sign test: p = {sign_test:.2f}")

# %% [markdown]
# 结论要照实说：在这个数据集上，我们精心训练的网络与最近邻**分不出高下**。八乘八的小图、十几个人的笔迹，最像的那张往往就是答案。这不是白费力气。网络预测时不必带着训练集，图像大了、变化多了，最近邻也会先撑不住。但这份测试集不能证明这一点，所以我们不这样报告。
#
# 区间说的是*这一个网络*在*同一来源*的新图像上的准确率。它不包含换一个种子、换一次切分带来的变化，更不包含换一批写字的人。

# %% alt="网络在测试集上答错的图像，按把握从大到小排列；每张上方是真实标签、网络的答案和它给出的概率。"
wrong = (~network).nonzero().flatten()
confidence = logits.softmax(1).max(1).values
worst = wrong[confidence[wrong].argsort(descending=True)][:8]
figure, axes = plt.subplots(1, 8, figsize=(6.4, 1.5))
for panel in axes:
    panel.axis("off")
for panel, index in zip(axes, worst, strict=False):
    panel.imshow(images[test[index]].view(8, 8), cmap="viridis")
    panel.set_title(f"{labels[test[index]]} → {guesses[index]}\n{confidence[index]:.2f}")
plt.show()

# %% [markdown]
# 错的是这些，按网络的把握从大到小排。有的连人也要犹豫；有的它错得很有信心，那是[过于自信](losses.md#temperature)，可以在验证集上用温度来治。

# %% [markdown]
# ## 接下来 { #next }
#
# * 看过测试集，这份测试集就用掉了。想改进，只能改了再看验证集；最后要报告，得有新的测试数据。
# * 把第一次切分的`random_state`换成别的数，从头运行几遍：最后的准确率会变多少，与区间的宽度相比如何？
# * 选定设置之后，可以把验证集并进训练集再训练一次。那时没有了早停的依据，轮数该怎么定？
#
# ## 来源 { #sources }
#
# * E. B. Wilson. Probable inference, the law of succession, and statistical inference. Journal of the American Statistical Association 22(158), 1927. [doi:10.1080/01621459.1927.10502953](https://doi.org/10.1080/01621459.1927.10502953)
# * L. D. Brown, T. T. Cai, A. DasGupta. Interval estimation for a binomial proportion. Statistical Science 16(2), 2001. [doi:10.1214/ss/1009213286](https://doi.org/10.1214/ss/1009213286)
# * T. G. Dietterich. Approximate statistical tests for comparing supervised classification learning algorithms. Neural Computation 10(7), 1998. [doi:10.1162/089976698300017197](https://doi.org/10.1162/089976698300017197)（同一批题上比较两个分类器）
# * E. Alpaydin, C. Kaynak. Optical recognition of handwritten digits. UCI Machine Learning Repository, 1998. [doi:10.24432/C50P49](https://doi.org/10.24432/C50P49)（数据；scikit-learn的`load_digits`）
# * 训练前的两次检查（损失应在随机水平、应能背下很小的一批）来自[CS231n](https://cs231n.github.io/neural-networks-3/)。
