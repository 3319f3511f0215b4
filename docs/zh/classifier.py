# ---
# title: 从头到尾：训练一个数字分类器
# description: 一个可以下载、从上到下运行的notebook：诚实的切分、带调度和早停的训练循环、在验证集上选设置、检查点、混合精度，测试集只看一次，再与基线公平地比较。
# prerequisites: [sgd.md#code, optimizers.md#training-loop, overfitting.md#early-stopping]
# asked:
#   in-short: [完整的训练流程, 训练模板, 训练代码怎么写, pytorch training template]
#   data: [手写数字数据, load_digits]
#   split: [怎么切分数据集, 自定义Dataset, 训练集验证集测试集代码, train_test_split stratify, DataLoader]
#   start: [初始损失过大, 背下一个小批量, 损失应该是多少, overfit one batch]
#   loop: [训练循环怎么写, 早停代码, training loop]
#   rate: [学习率怎么选, 调参, 网格搜索, how to choose learning rate]
#   schedule: [余弦退火, CosineAnnealingLR, cosine annealing]
#   regularisation: [暂退法和权重衰减一起用, dropout and weight decay]
#   checkpoint: [断点续训, 保存和恢复训练, 检查点, 保存优化器状态, torch.save, checkpoint resume]
#   precision: [混合精度, 混合精度CPU, autocast bfloat16, amp, GradScaler]
#   compile: [编译模型, torch.compile没有变快, backend eager, inductor]
#   interval: [准确率的置信区间, Wilson区间, confidence interval accuracy]
#   test: [测试集什么时候用, 测试集只用一次]
#   splits: [比较两个分类器, 成对t检验, 最近邻, paired t-test, nearest neighbour baseline]
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
# 前五章一次讲一件事。这里把它们接起来，训练一个认手写数字的网络，从切分数据一直走到报告结果。每一步都链接到讲它的那一节。全篇是一个可以下载运行的notebook，只需要torch、matplotlib、scikit-learn和scipy，不需要联网。下面印出的输出都来自建站时的一次运行。换一台电脑，训练出来的数字会差一点。
#
# ## 先看结论 { #in-short .basic }
#
# * 凡是要选的，都在验证集上选。测试集[只打开一次](#test)，在最后；代码不让你打开第二次。
# * 训练之前有两项几秒钟的检查：[第一个损失是不是瞎猜的水平](#start)？二十张图像背得下来吗？不是，或者背不下来，就有地方出了错。
# * 先选[学习率和它的调度](#rate)，再选[暂退概率和权重衰减](#regularisation)。最好的设置与相邻的设置往往分不出高下，这没有坏处。
# * [检查点](#checkpoint)里存下模型、优化器、调度器和随机状态，接着训练就与从未中断一模一样。只存权重则不然。
# * 结果要连同区间和基线一起报告。这里基线赢了：换许多次切分来比，不用训练的[最近邻](#splits)比网络略好一点。
#
# ## 直觉 { #idea .basic }
#
# 设想三个装着图像的信封。网络从第一个信封里学。第二个信封告诉你哪些决定做得对：学习率多大，暂退概率多少，什么时候停。第三个信封一直封着，直到再没有什么要决定。这时它说的话，才能公正地预告网络在没人看过的图像上会怎样。
#
# 信封用过就会磨损。网络见过的图像，它可能已经背下来，所以第一个信封证明不了新图像上的表现。你自己也会从看过的东西里学：照着第二个信封做了一百次决定，你的设置就会有些迁就它。只有第三个信封还没有向任何人透露过什么。

# %% [markdown]
# ## 数据 { #data .basic }
#
# scikit-learn自带的手写数字，每张$8 \times 8$像素，原值从0到16。除以16只是换了单位，没有从数据里估计任何东西，所以可以在切分之前做。要是改成减均值、除以标准差，这两个数就只能用训练集来算。
#
# 先查一件小事：有没有完全相同的图像？[拷贝](overfitting.md#leaking-copies)一旦落在切分的两边，测试结果就是假的。

# %%
import copy
import math
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import torch
from IPython.display import Markdown, display
from scipy.stats import binom, ttest_rel
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn.functional import cross_entropy
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import BatchSampler, DataLoader, Dataset, RandomSampler

torch.set_num_threads(1)
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)
print(f"{len(images)} images, {len(images.unique(dim=0))} of them different")
print(f"{images.shape[1]} pixels, from {images.min():g} to {images.max():g}")
print(f"images of each digit: {labels.bincount().tolist()}")

# %% [markdown]
# ## 切成三份 { #split .basic }
#
# [训练集](glossary.md#training-set)用来算梯度，[验证集](glossary.md#validation-set)用来做选择，[测试集](glossary.md#test-set)用来报告。切分前打乱，并让每个数字在三份里的比例相同（`stratify`）。切错有什么后果，我们[量过](overfitting.md#splits)。
#
# 测试集的下标放进一个只能取一次的迭代器，原来的名字删掉。下面的代码不会误看到它，取第二次会报错。
#
# `Dataset`说明一共有多少个样本、某个位置上的样本是什么；这里也可以一次取好几个位置上的。`DataLoader`把它打乱，做成小批量。

# %%
TRAIN_SIZE, TEST_SIZE = 1000, 450


class Digits(Dataset):
    def __init__(self, places):
        self.images, self.labels = images[places], labels[places]

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, place):
        return self.images[place], self.labels[place]


def split(number):
    everything = torch.arange(len(images))
    rest, test = train_test_split(
        everything, test_size=TEST_SIZE, stratify=labels, random_state=number
    )
    train, validation = train_test_split(
        rest, train_size=TRAIN_SIZE, stratify=labels[rest], random_state=number
    )
    assert len(torch.cat([train, validation, test]).unique()) == len(images)
    return Digits(train), Digits(validation), test


training, validation, rest = split(0)
sealed = iter([rest])
print(f"{len(training)} to train, {len(validation)} to choose, {len(rest)} sealed")
del rest

# %% [markdown]
# 没有重复，所以三份之间没有共同的图像；十个数字也大致一样多。动手之前，总要亲眼看看数据，而且只看可以看的那一份：

# %% alt="十六张用来训练的手写数字图像，每张上方是它的标签。"
figure, axes = plt.subplots(2, 8, figsize=(6.4, 1.9))
for panel, image, label in zip(axes.flat, *training[:16], strict=True):
    panel.imshow(image.view(8, 8), cmap="viridis")
    panel.set_title(label.item())
    panel.axis("off")
plt.show()

# %% [markdown]
# **它保证不了的事。** 这些数字出自十几个人之手，数据里没有写明哪张是谁写的，所以同一个人的字可能分在两边。最后的准确率说的是“这些人的新字”；换一批写字的人，多半更低。

# %% [markdown]
# ## 网络与第一个损失 { #start .basic }
#
# 两个隐藏层的[多层感知机](glossary.md#multilayer-perceptron)。它输出[logit](glossary.md#logit)，末尾不加softmax：`cross_entropy`里已经有了，[不要做两次](losses.md#softmax-twice)。ReLU之前的层用[Kaiming初始化](initialisation.md#one-layer)，最后一层用Xavier，偏置为零。
#
# 训练之前就能做第一项检查。什么也不懂的网络，损失应当在$\ln 10$附近（[为什么](losses.md#cross-entropy)）。作为对照，再用[原文](errata.md#e31)的$N(0,1)$抽一次权重。

# %%
WIDTH = 128


class Network(nn.Module):
    def __init__(self, dropout=0.0):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(64, WIDTH),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(WIDTH, WIDTH),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(WIDTH, 10),
        )
        for layer in self.layers:
            if isinstance(layer, nn.Linear):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                nn.init.zeros_(layer.bias)
        nn.init.xavier_normal_(self.layers[-1].weight)

    def forward(self, x):
        return self.layers(x)


@torch.no_grad()
def measure(model, data):
    model.eval()
    logits = model(data.images)
    accuracy = (logits.argmax(1) == data.labels).double().mean()
    return cross_entropy(logits, data.labels).item(), accuracy.item()


torch.manual_seed(0)
model, careless = Network(), Network()
for layer in careless.layers:
    if isinstance(layer, nn.Linear):
        nn.init.normal_(layer.weight, std=1.0)
first_loss, first_accuracy = measure(model, training)
careless_loss, _ = measure(careless, training)
print(f"guessing: loss ln 10 = {math.log(10):.2f}, accuracy 0.10")
print(f"Kaiming:  loss {first_loss:.2f}, accuracy {first_accuracy:.2f}")
print(f"N(0, 1):  loss {careless_loss:.0f}")

# %% [markdown]
# Kaiming的第一个损失在$\ln 10$附近。$N(0,1)$的损失大了两个数量级：还没见过一个标签，网络已经满怀信心地猜错了。两个隐藏层也许还救得回来，[十层就不行](initialisation.md#ten)。
#
# 第二项检查：二十张图像，网络应当能背下来。背不下来，多半是代码有错误，往下做什么都没有意义。这就是每个训练循环都有的[四行代码](optimizers.md#training-loop)。

# %%
x, y = training[:20]
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.0)
for _ in range(200):
    loss = cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
few_loss, few_accuracy = loss.item(), (model(x).argmax(1) == y).double().mean().item()
print(f"the same {len(x)} images: loss {few_loss:.4f}, accuracy {few_accuracy:.2f}")

# %% [markdown]
# ## 训练循环 { #loop .basic }
#
# 下面四个函数是全篇的核心，也是可以搬进你自己项目的部分。几乎没有新东西：
#
# * 每[轮](glossary.md#epoch)重新打乱，[无放回](sgd.md#without-replacement)地取小批量。`batches`和`DataLoader(data, batch_size=BATCH, shuffle=True)`做的是同一件事，只是每个小批量向数据集要一次，而不是每张图像要一次：这里的图像都在一个张量里；
# * AdamW，它的[权重衰减是解耦的](optimizers.md#weight-decay)（`fused=True`是同样的计算合成一次调用）；
# * [余弦调度](sgd.md#schedules)在`EPOCHS`轮里把学习率降到零，`schedule.step()`一轮调用一次；
# * 训练时`train()`，打分时`eval()`，否则[暂退法](overfitting.md#dropout)的掩码不会关掉；
# * [早停](overfitting.md#early-stopping)：验证损失连续`PATIENCE`轮没有新低就停，并取回最低点的权重。`deepcopy`不能省，`state_dict()`给的是引用，会跟着变。

# %%
BATCH, EPOCHS, PATIENCE = 100, 20, 6


def batches(data):
    places = BatchSampler(RandomSampler(data), BATCH, drop_last=False)
    return DataLoader(data, sampler=places, batch_size=None)


def train_epoch(model, optimizer, loader):
    model.train()
    losses = []
    for x, y in loader:
        loss = cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


def fit(seed, rate, setting=(0.0, 0.0), cosine=True, data=(training, validation)):
    torch.manual_seed(seed)
    dropout, decay = setting
    model = Network(dropout)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay, fused=True)
    schedule = CosineAnnealingLR(optimizer, EPOCHS) if cosine else None
    loader = batches(data[0])
    best, history = math.inf, {"training": [], "validation": []}
    for epoch in range(EPOCHS):
        history["training"].append(train_epoch(model, optimizer, loader))
        loss, _ = measure(model, data[1])
        history["validation"].append(loss)
        if cosine:
            schedule.step()
        if loss < best:
            best, stop = loss, epoch + PATIENCE
            kept = copy.deepcopy(model.state_dict())
        elif epoch >= stop:
            break
    model.load_state_dict(kept)
    return {"model": model, "best": best, **history}


def summary(runs):
    losses = torch.tensor([run["best"] for run in runs])
    return losses.mean().item(), losses.std().item()


# %% [markdown]
# ## 学习率与调度 { #rate .basic }
#
# 先不加暂退法和权重衰减，只选[学习率](glossary.md#learning-rate)：一个数量级两个候选，每个三个种子，一次用余弦调度，一次保持不变。比的是三个种子的平均验证损失；“±”后面是标准差，每一列选中的那格是粗体。为什么每个设置要用几个种子，见[公平地比较](optimizers.md#comparison)。

# %%
SEEDS = (0, 1, 2)
RATES = (1e-3, 3e-3, 1e-2, 3e-2)
SCHEDULES = {"constant": False, "cosine": True}
by_rate = {
    name: {rate: [fit(seed, rate, cosine=cosine) for seed in SEEDS] for rate in RATES}
    for name, cosine in SCHEDULES.items()
}
tuned = {
    name: min(RATES, key=lambda rate: summary(runs[rate])[0]) for name, runs in by_rate.items()
}
rows = ["| rate | constant | cosine |", "|---|---|---|"]
for tried in RATES:
    cells = []
    for name in SCHEDULES:
        mean, spread = summary(by_rate[name][tried])
        mark = "**" if tried == tuned[name] else ""
        cells.append(f"{mark}{mean:.3f} ± {spread:.3f}{mark}")
    rows.append(f"| {tried:g} | {cells[0]} | {cells[1]} |")
display(Markdown("\n".join(rows)))

# %% alt="验证损失随学习率变化的两条碗形曲线，一条是不变的学习率，一条是余弦调度。圆点是单个种子，方块标出各自选中的学习率，都不在网格边上。"
figure, axes = plt.subplots(figsize=(6.4, 3.2))
for color, name in zip(("C1", "C0"), SCHEDULES, strict=True):
    means = [summary(by_rate[name][tried])[0] for tried in RATES]
    axes.plot(RATES, means, color=color, label=name)
    for tried, runs in by_rate[name].items():
        losses = [run["best"] for run in runs]
        axes.plot([tried] * len(runs), losses, "o", color=color, markersize=4)
    lowest = means[RATES.index(tuned[name])]
    axes.plot(tuned[name], lowest, "s", color=color, markersize=10)
axes.set(xscale="log", xlabel="learning rate", ylabel="validation loss")
axes.legend()
plt.show()

# %% [markdown]
# 两个选中的学习率都不在网格边上，所以网格够宽。再看“±”：碗底旁边的学习率与碗底那个几乎分不出高下。我们要的是一个好的设置，不是名次。
#
# ### 调度要紧吗？ { #schedule .advanced }
#
# 学习率是用那三个种子选出来的，比较要用新的种子。再取八个种子，每个都用两种调度各训练一遍，学习率用各自选中的。验证损失相差不到`0.01`，对我们不要紧；这条界线是看结果之前定的。


# %%
def compare(name, first, second, matters):
    low, high = ttest_rel(first, second).confidence_interval()
    mean = sum(a - b for a, b in zip(first, second, strict=True)) / len(first)
    found = {"mean": mean, "low": float(low), "high": float(high), "runs": len(first)}
    return {"comparison": name, **found, "matters": matters}


def verdict(result, if_lower, if_higher):
    if -result["matters"] < result["low"] and result["high"] < result["matters"]:
        return "no difference that matters"
    if result["low"] < 0 < result["high"]:
        return "cannot tell"
    return f"{if_lower if result['mean'] < 0 else if_higher} better"


def show(result, said):
    names = "comparison | mean difference | 95 % interval | runs | matters from | verdict"
    interval = f"{result['low']:.3f} to {result['high']:.3f}"
    numbers = f"{result['mean']:.3f} | {interval} | {result['runs']} | {result['matters']:g}"
    row = f"{result['comparison']} | {numbers} | {said}"
    display(Markdown(f"| {names} |\n|{'---|' * 6}\n| {row} |"))


fresh = {
    name: [fit(seed, tuned[name], cosine=cosine)["best"] for seed in range(3, 11)]
    for name, cosine in SCHEDULES.items()
}
by_schedule = compare("cosine against constant", fresh["cosine"], fresh["constant"], 0.01)
schedule_verdict = verdict(by_schedule, "cosine", "constant")
show(by_schedule, schedule_verdict)

# %% [markdown]
# 在这里看不出余弦调度的好处，大概因为早停取走的总是最好那一轮的权重，不管那时学习率是多少。notebook里仍用余弦调度：它不多费什么，训练固定轮数时，结尾也更平稳。调度在哪里真的有用，[第一章量过](sgd.md#schedules)。

# %% [markdown]
# ## 暂退法与权重衰减 { #regularisation .basic }
#
# 学习率定下来，再选[暂退概率](overfitting.md#dropout)和[权重衰减](overfitting.md#weight-decay)。两者会互相影响，所以一起试，而不是先定一个再定另一个。（学习率其实也该跟着再调一次；这里为了时间省去，算是一处妥协。）

# %%
DROPOUTS, DECAYS = (0.0, 0.3, 0.6), (0.0, 0.1, 1.0)
rate = tuned["cosine"]
by_setting = {
    (dropout, decay): [fit(seed, rate, (dropout, decay)) for seed in SEEDS]
    for dropout in DROPOUTS
    for decay in DECAYS
}
chosen = min(by_setting, key=lambda setting: summary(by_setting[setting])[0])
rows = ["| dropout | weight decay | validation loss |", "|---|---|---|"]
for (dropout, decay), runs in by_setting.items():
    mean, spread = summary(runs)
    mark = "**" if (dropout, decay) == chosen else ""
    rows.append(f"| {dropout} | {decay} | {mark}{mean:.3f} ± {spread:.3f}{mark} |")
display(Markdown("\n".join(rows)))

# %% alt="横轴是暂退概率，纵轴是验证损失，三条折线是三种权重衰减。损失在适中的暂退概率处最低，在最大的那个处最高。"
figure, axes = plt.subplots(figsize=(6.4, 3.2))
for number, decay in enumerate(DECAYS):
    means, spreads = zip(
        *(summary(by_setting[dropout, decay]) for dropout in DROPOUTS), strict=True
    )
    places = [dropout + 0.012 * (number - 1) for dropout in DROPOUTS]
    axes.errorbar(places, means, spreads, marker="o", capsize=3, label=f"decay {decay}")
axes.set(xlabel="dropout probability", ylabel="validation loss", xticks=DROPOUTS)
axes.legend()
plt.show()

# %% [markdown]
# 暂退概率适中时损失最低；太大反而不如不用，小网络一次缺的单元太多了。弱的权重衰减加与不加，差别小于误差棒。强衰减与暂退法叠在一起，反而变差。把对策叠起来不一定更好，[各种对策放在一张表里](overfitting.md#together)时已经见过。
#
# 数据干净，网络不大，好处就有限。在[标签有错](overfitting.md#seen)的数据上，同样的对策要管用得多。

# %% [markdown]
# ## 早停做了什么 { #early-stopping .basic }
#
# 拿同一个种子的两次训练来看：左边什么也不加，右边是选中的设置。圆点是取回权重的一轮。

# %% alt="两幅训练曲线。左：不用暂退法和衰减，训练损失一路降到远低于验证损失。右：选中的设置，两条曲线靠得近得多；圆点标出取回权重的一轮。"
pair = {"neither": by_setting[0.0, 0.0][0], "chosen": by_setting[chosen][0]}
figure, axes = plt.subplots(1, 2, sharey=True, figsize=(6.4, 3.2))
for panel, (name, run) in zip(axes, pair.items(), strict=True):
    epochs = range(1, len(run["training"]) + 1)
    panel.plot(epochs, run["training"], label="training")
    panel.plot(epochs, run["validation"], label="validation")
    restored = run["validation"].index(run["best"]) + 1
    panel.plot(restored, run["best"], "o", color="C3", markersize=9, label="restored")
    panel.set(title=name, xlabel="epoch", yscale="log", xlim=(0, EPOCHS + 1))
axes[0].set(ylabel="loss")
axes[0].legend()
plt.show()

# %% [markdown]
# 左边，训练损失还在成倍地降，验证损失早已不动：多出来的轮数只在背训练集。右边，两条曲线靠得近。最初几轮训练损失高过验证损失，并没有出错：它是一轮之内的平均，网络还在变好；右边的又带着掩码，每次都缺一些单元。验证损失是在一轮之后、用完整的网络量的。

# %% [markdown]
# ## 中断与继续 { #checkpoint .basic }
#
# 长时间的训练总会中断：程序崩溃、时间用完、停电。要能接着训练，检查点（checkpoint）里必须有下一步所依赖的一切：权重，优化器的移动平均（[Adam](optimizers.md#adam-parameters)为每个权重记两个数），调度走到了哪里，已经训练了几轮，还有随机数生成器的状态，打乱和掩码都由它决定。
#
# 下面第一次训练一口气跑完。第二次跑到一半存盘，再用全新的对象读回来接着训练。第三次只读回权重。最后的权重是否逐位相同？

# %%
HALF = EPOCHS // 2
loader = batches(training)


def begin():
    model = Network(dropout=0.3)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, fused=True)
    return model, optimizer, CosineAnnealingLR(optimizer, EPOCHS)


def advance(model, optimizer, schedule, epochs):
    for _ in epochs:
        train_epoch(model, optimizer, loader)
        schedule.step()
    return nn.utils.parameters_to_vector(model.parameters()).detach()


torch.manual_seed(0)
through = advance(*begin(), range(EPOCHS))

with TemporaryDirectory() as folder:
    file = Path(folder, "checkpoint.pt")
    torch.manual_seed(0)
    model, optimizer, schedule = begin()
    advance(model, optimizer, schedule, range(HALF))
    checkpoint = {
        "epoch": HALF,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "random": torch.get_rng_state(),
    }
    torch.save(checkpoint, file)

    loaded = torch.load(file, weights_only=True)
    model, optimizer, schedule = begin()
    model.load_state_dict(loaded["model"])
    optimizer.load_state_dict(loaded["optimizer"])
    schedule.load_state_dict(loaded["schedule"])
    torch.set_rng_state(loaded["random"])
    continued = advance(model, optimizer, schedule, range(loaded["epoch"], EPOCHS))

    model, optimizer, schedule = begin()
    model.load_state_dict(torch.load(file, weights_only=True)["model"])
    weights_alone = advance(model, optimizer, schedule, range(HALF, EPOCHS))

same = {
    "everything restored": torch.equal(through, continued),
    "weights alone": torch.equal(through, weights_alone),
}
for name, equal in same.items():
    print(f"{name}: {'identical' if equal else 'different'}")

# %% [markdown]
# 全部恢复，训练就像从未停过一样继续。只恢复权重，就会走上另一条路：Adam的平均从头开始，调度又从最大的学习率起步，打乱的顺序也换了。`weights_only=True`（默认值）拒绝运行文件里的代码；别人给的检查点，没有它就不要读。GPU上有些运算每次结果略有出入，那里不中断的两次训练也未必相同。
#
# !!! keep "一句话"
#     下一步依赖什么，就存什么：模型、优化器、调度、轮数和随机状态。

# %% [markdown]
# ## 混合精度 { #precision .advanced }
#
# 混合精度（mixed precision）让权重留在float32，把费时的乘积用一半的位数来算。在`torch.autocast`里，每个运算用什么类型由torch决定；损失和权重的梯度出来时仍是float32。bfloat16的范围与float32相同，有效位只有八位，所以不会更早上溢，也不需要缩放损失（GPU上的float16则需要`torch.amp.GradScaler`）。

# %%
torch.manual_seed(0)
model = Network()
optimizer = torch.optim.AdamW(model.parameters(), lr=rate, fused=True)


def cast_step(enabled):
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled):
        logits = model(training.images)
        loss = cross_entropy(logits, training.labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return logits, loss


def seconds(enabled):
    start = time.perf_counter()
    cast_step(enabled)
    return time.perf_counter() - start


logits, loss = cast_step(enabled=True)
weight = model.layers[0].weight
dtypes = {"logits": logits, "loss": loss, "weight": weight, "gradient": weight.grad}
dtypes = {name: str(tensor.dtype).removeprefix("torch.") for name, tensor in dtypes.items()}
print(", ".join(f"{name} {dtype}" for name, dtype in dtypes.items()))
for _ in range(50):
    cast_step(enabled=True)
_, cast_accuracy = measure(model, validation)
print(f"trained with autocast: validation accuracy {cast_accuracy:.2f}")
rounded = torch.tensor(1 + 1 / 512, dtype=torch.bfloat16).item()
print(f"1 + 1/512 in bfloat16: {rounded:g}")
took = {enabled: min(seconds(enabled) for _ in range(5)) for enabled in (False, True)}

# %% [markdown]
# 它给你的：激活值只占一半的内存；在带有bfloat16运算单元的处理器上（许多GPU，一部分服务器CPU），乘积快上几倍。它的代价是舍入。训练一般受得了，因为权重本身留在float32里，很小的更新不会像最后印出的那一行那样丢掉。
#
# 它不保证的：在随便哪个CPU上都变快。没有这种单元，类型转换就是额外的工作；像这里这么小的网络，转换往往比乘积还费时。时间因机器而异，所以这里不印；单元格把它们留在`took`里，先在你自己的机器上印出来看，再作决定。

# %% [markdown]
# ## `torch.compile` { #compile .advanced }
#
# `torch.compile`看着网络运行一次，把各个运算记成一张计算图，再交给后端；后端可以把几个运算合并，为它们生成机器码。默认的后端inductor在CPU上需要C++编译器，你的电脑上未必有，所以下面用一个三行的后端：只看一眼图，然后照原样运行。`backend="eager"`也是这样，只是不看。

# %%
graphs = []


def look(graph, example_inputs):
    graphs.append([node.name for node in graph.graph.nodes if node.op == "call_function"])
    return graph.forward


model.eval()
compiled = torch.compile(model, backend=look)
with torch.no_grad():
    equal = torch.equal(compiled(images[:100]), model(images[:100]))
    count = [len(graphs)]
    for size in (100, 37, 21):
        compiled(images[:size])
        count.append(len(graphs))
print(f"one graph of {len(graphs[0])} operations; same answers: {equal}")
print(f"graphs after batches of 100, 100, 37 and 21: {count}")

# %% [markdown]
# 图算出来的与网络算出来的完全相同。换一个批量大小，torch就再记一张图，这次适用于大于一的任何大小；所以最初几步和第一个较小的批量会慢。编译能省的，是运算与运算之间的时间和往返内存的次数，在GPU上、在大模型的长时间训练里省得最多。除了舍入，它不改变任何结果，也不会让网络学得更好。像这里几秒钟的训练，记录和编译花掉的比省下的多。

# %% [markdown]
# ## 先定好怎么报告 { #interval .basic }
#
# 测试集只有几百张，准确率这个数本身有抽样误差。报告之前先选好置信区间的算法，免得看了结果再挑。记量到的准确率为$\hat p$，图像数为$n$，教科书上的$\hat p \pm 1.96\sqrt{\hat p(1-\hat p)/n}$在准确率接近1时靠不住；Wilson（1927）的区间是
#
# $$
# \frac{\hat p + \frac{z^2}{2n} \pm z \sqrt{\frac{\hat p (1 - \hat p)}{n} + \frac{z^2}{4n^2}}}{1 + \frac{z^2}{n}}, \qquad z = 1.96 .
# $$
#
# 哪个更守信用，可以直接算：真准确率已知时，答对的张数服从二项分布，把区间罩住真值的那些情形的概率加起来，应当是0.95。（用float64算，舍入误差小得可以忽略。）


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


counts = torch.arange(TEST_SIZE + 1, dtype=torch.float64)
coverage = {}
rows = ["| true accuracy | textbook | Wilson |", "|---|---|---|"]
for truth in (0.95, 0.98, 0.995):
    chance = torch.from_numpy(binom.pmf(counts.numpy(), TEST_SIZE, truth))
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
# ## 唯一一次看测试集 { #test .basic }
#
# 选中设置的三个网络里，取验证损失最低的一个。光有一个准确率说明不了什么，还要有[基线](glossary.md#baseline)：最近邻，照抄训练集里最像的那张图像的标签，没有可调的东西。两者一起打分，只此一次。
#
# 它们答的是同一批题，所以除了各自的区间，还数一数只有一方答对的题。


# %%
def neighbours(train, asked):
    return train.labels[torch.cdist(asked.images, train.images).argmin(1)]


final = min(by_setting[chosen], key=lambda run: run["best"])["model"].eval()
test = Digits(next(sealed))
with torch.no_grad():
    logits = final(test.images)
guesses = logits.argmax(1)
network, neighbour = guesses == test.labels, neighbours(training, test) == test.labels

rows = ["| | right | accuracy | 95 % interval |", "|---|---|---|---|"]
for name, right in (("network", network), ("neighbour", neighbour)):
    low, high = wilson(right.sum().item(), TEST_SIZE)
    share = f"{right.sum()} of {TEST_SIZE} | {right.double().mean():.3f}"
    rows.append(f"| {name} | {share} | {low:.3f} to {high:.3f} |")
display(Markdown("\n".join(rows)))
only = [(network & ~neighbour).sum().item(), (neighbour & ~network).sum().item()]
print(f"only the network is right: {only[0]}; only the neighbour: {only[1]}")

# %% [markdown]
# 两个区间大部分重叠，双方答案不同的题只有寥寥几道。单凭这一份测试集，说不出哪个更好。
#
# 区间说的是*这一个网络*在*同一来源*的新图像上的准确率。它不包含换一个种子、换一次切分带来的变化，更不包含换一批写字的人。网络错得最有把握的几张，从大到小排：

# %% alt="网络在测试集上答错的图像，按把握从大到小排列；每张上方是真实标签、网络的答案和它给出的概率。"
wrong = (~network).nonzero().flatten()
confidence = logits.softmax(1).max(1).values
worst = wrong[confidence[wrong].argsort(descending=True)][:8]
figure, axes = plt.subplots(1, 8, figsize=(6.4, 1.5))
for panel in axes:
    panel.axis("off")
for panel, index in zip(axes, worst, strict=False):
    panel.imshow(test.images[index].view(8, 8), cmap="viridis")
    panel.set_title(f"{test.labels[index]} → {guesses[index]}\n{confidence[index]:.2f}")
plt.show()

# %% [markdown]
# 有的连人也要犹豫；有的它错得很有信心，那是[过于自信](losses.md#temperature)，可以用验证集选个温度来治。

# %% [markdown]
# ## 网络还是最近邻？ { #splits .basic }
#
# 一份测试集分不出来。是因为没有差别，还是因为一份测试集太小、显不出差别？这个问题问的是数据，所以要重复的是切分：再切二十四次，所有设置不变。每一次都训练一个网络，用那次切分的验证集早停，用那次切分的测试集打分；最近邻用同样的训练图像。准确率相差多少算实质差别，事先定好：`0.005`，约合一份测试集里的两张图像。
#
# 设置是在一些图像上选出来的，它们在别的切分里会落进测试集。要说偏袒，偏袒的也是网络。

# %%
scores = {"neighbour": [], "network": []}
for number in range(1, 25):
    train, validate, places = split(number)
    asked = Digits(places)
    found = fit(number, rate, chosen, data=(train, validate))["model"]
    scores["network"].append(measure(found, asked)[1])
    right = neighbours(train, asked) == asked.labels
    scores["neighbour"].append(right.double().mean().item())
averages = {name: sum(score) / len(score) for name, score in scores.items()}
for name, average in averages.items():
    print(f"{name}: mean accuracy {average:.3f} over {len(scores[name])} splits")
by_split = compare("neighbour against network", scores["neighbour"], scores["network"], 0.005)
split_verdict = verdict(by_split, "network", "neighbour")
show(by_split, split_verdict)
factor = (1 + len(scores["network"]) * TEST_SIZE / TRAIN_SIZE) ** 0.5
half = factor * (by_split["high"] - by_split["low"]) / 2
wide = [by_split["mean"] - half, by_split["mean"] + half]
print(f"widened for images that splits share: {wide[0]:.3f} to {wide[1]:.3f}")

# %% alt="二十四次切分里最近邻的准确率减去网络的准确率，按从小到大排成一列圆点，多数在零以上；一条线标出平均。"
differences = sorted(a - b for a, b in zip(*scores.values(), strict=True))
figure, axes = plt.subplots(figsize=(6.4, 2.8))
axes.plot(range(1, len(differences) + 1), differences, "o", color="C0")
axes.axhline(by_split["mean"], color="C1", label="mean")
axes.axhline(0, color="0.5", linewidth=0.8)
axes.set(xlabel="splits in order", ylabel="neighbour - network")
axes.legend()
plt.show()

# %% [markdown]
# 最近邻更好，平均领先的幅度超过了事先定下的界线。八乘八的小图、十几个人的笔迹，最像的那张往往就是答案。一次切分看不出的，二十四次看出来了。
#
# 这个结论管多远？这些切分出自同一批图像，并不独立。表里的区间回答的是：把这批图像反复切分，会怎样。对同一批人写的新图像来说，它太窄了。最后印出的一行按Nadeau与Bengio（2003）的办法把它放宽到三倍多，这时无关紧要的差别也落在里面。所以谨慎的说法是：在这批图像上，最近邻略好一点，训练网络并不划算；换成这一类的新数据，它还能领先多少，这批图像说不准。
#
# !!! keep "一句话"
#     每份报告都该有一个不用训练的基线，因为它可能会赢。

# %% [markdown]
# ## 怎么选 { #choose .basic }
#
# | 情形 | 做法 | 见 |
# |---|---|---|
# | 训练之前 | 拿第一个损失与瞎猜比，背下二十张图像 | [第一个损失](#start) |
# | 新问题 | AdamW，余弦调度，一个数量级两个候选学习率，每个三个种子 | [学习率](#rate) |
# | 最好的学习率在网格边上 | 把网格放宽 | [学习率](#rate) |
# | 训练损失远低于验证损失 | 暂退法或权重衰减，在验证集上一起选 | [正则化](#regularisation) |
# | 训练很久，丢了可惜 | 存检查点：模型、优化器、调度、轮数和随机状态 | [检查点](#checkpoint) |
# | 有GPU，模型大 | autocast和`torch.compile`，各自在你的机器上计时 | [混合精度](#precision)、[编译](#compile) |
# | 要报告一个数 | 事先选定的区间，同一批图像上的基线 | [区间](#interval)、[测试集](#test) |
# | 两种方法哪个好 | 多切几次，成对比较，事先定好多大算实质差别 | [切分](#splits) |

# %% [markdown]
# ## 小结 { #summary .basic }
#
# 训练前先检查，在验证集上做选择，存下下一步所依赖的一切，测试集只打开一次，报告结果时附上区间和基线。在这些小图像上，基线略好一点；这样的结果与相反的结果一样有价值，它告诉你哪里用不着网络。网络预测时不必带着训练集，图像大了、变化多了，最近邻会先撑不住；但这份数据没有证明这一点，所以我们不这样报告。
#
# 接下来呢？换成更大的问题，循环还是这个循环；要换掉的是`Network`和`Digits`。
#
# ## 练习 { #exercises }
#
# ### 换一份数据 { #exercise-data }
#
# 把`load_digits`换成`load_wine`或`load_breast_cancer`。还有哪些地方要改？
#
# ??? answer "答案"
#     切分的大小，`Network`的输入宽度和类别数，瞎猜的损失，还有缩放：这些特征的单位相差很大，要减去均值、除以标准差，两者都只在训练部分上算。画图像的两格去掉。循环、选学习率、区间和比较都照旧。
#
# ### 测试集为什么要封着 { #exercise-peek }
#
# 有人每改一次就打开一次测试集，有用的改动就留下。notebook里哪一行防住了这种做法？并没有拿图像去训练，为什么还是要紧？
#
# ??? answer "答案"
#     `sealed = iter([rest])`：第二次`next(sealed)`会抛出`StopIteration`。照着测试集来选，它就成了第二个验证集；选中设置的准确率是几个带噪声的数里最大的一个，平均起来偏高。偏高多少，过拟合一章[量过](overfitting.md#early-stopping)。
#
# ### 用上验证集 { #exercise-refit }
#
# 选定设置之后，可以把验证集并进训练集，最后再训练一次。那时早停没有了依据，轮数该怎么定？
#
# ??? answer "答案"
#     从选设置的那些训练里取，例如把取回权重的轮数平均，就训练这么多轮。调度最后把学习率降到零，所以也可以干脆训练满`EPOCHS`轮：最后几轮变化很小。无论哪种，都不能再用验证集检查，只能用新数据。
#
# ### 你的机器上要多久 { #exercise-time }
#
# 印出`took`。再把`WIDTH`改成2048，重新运行网络和混合精度两格，再印一次。你预计会怎样？
#
# ??? answer "答案"
#     宽度大了，乘积按宽度的平方增长，激活值的转换只与宽度成正比。有bfloat16的运算单元，`took[True]`与`took[False]`之比会变小，或许小于一；没有，多半仍大于一。
#
# ## 出处 { #sources .folded }
#
# * E. B. Wilson. Probable inference, the law of succession, and statistical inference. *Journal of the American Statistical Association* 22(158), 1927. [doi:10.1080/01621459.1927.10502953](https://doi.org/10.1080/01621459.1927.10502953)
# * L. D. Brown, T. T. Cai, A. DasGupta. Interval estimation for a binomial proportion. *Statistical Science* 16(2), 2001. [doi:10.1214/ss/1009213286](https://doi.org/10.1214/ss/1009213286)
# * C. Nadeau, Y. Bengio. Inference for the generalization error. *Machine Learning* 52, 2003. [doi:10.1023/A:1024068626366](https://doi.org/10.1023/A:1024068626366)（切分之间有相同的图像）
# * P. Micikevicius et al. Mixed precision training. *ICLR*, 2018. [arXiv:1710.03740](https://arxiv.org/abs/1710.03740)
# * J. Ansel et al. PyTorch 2: Faster machine learning through dynamic Python bytecode transformation and graph compilation. *ASPLOS*, 2024. [doi:10.1145/3620665.3640366](https://doi.org/10.1145/3620665.3640366)
# * I. Loshchilov, F. Hutter. SGDR: Stochastic gradient descent with warm restarts. *ICLR*, 2017. [arXiv:1608.03983](https://arxiv.org/abs/1608.03983)（余弦调度）
# * E. Alpaydin, C. Kaynak. Optical recognition of handwritten digits. UCI Machine Learning Repository, 1998. [doi:10.24432/C50P49](https://doi.org/10.24432/C50P49)（数据；scikit-learn的`load_digits`）
# * 训练前的两项检查（损失应在瞎猜的水平、应能背下很小的一批）来自[CS231n](https://cs231n.github.io/neural-networks-3/)。
