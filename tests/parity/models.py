"""The built-in models as one writes them in Python PyTorch: what parity tests and benchmarks
compare gradwatt-train with. Names of parameters are those of gradwatt-train's files of weights.
"""

import torch
import torch.nn.functional as F
from torch import nn


class SmallCnn(nn.Module):
    """Images [n, 1, 28, 28]."""

    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.fc = nn.Linear(784, classes)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        return self.fc(x.flatten(1))


class HarCnn(nn.Module):
    """Windows [n, channels, length]."""

    def __init__(self, channels=36, classes=12):
        super().__init__()
        self.conv1 = nn.Conv1d(channels, 64, 5, padding=2, bias=False)
        self.norm1 = nn.BatchNorm1d(64)
        self.conv2 = nn.Conv1d(64, 128, 5, padding=2, bias=False)
        self.norm2 = nn.BatchNorm1d(128)
        self.conv3 = nn.Conv1d(128, 128, 5, padding=2, bias=False)
        self.norm3 = nn.BatchNorm1d(128)
        self.fc = nn.Linear(1024, 128)
        self.fc1 = nn.Linear(128, 128)
        self.dropout = nn.Dropout(0.5)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool1d(F.relu(self.norm1(self.conv1(x))), 2)
        x = F.max_pool1d(F.relu(self.norm2(self.conv2(x))), 2)
        x = F.adaptive_avg_pool1d(F.relu(self.norm3(self.conv3(x))), 8)
        x = self.fc(x.flatten(1))
        return self.fc2(self.dropout(F.relu(self.fc1(x))))


class HarAutoencoder(HarCnn):
    """Windows in, windows out: the encoder of HarCnn and its mirror image."""

    def __init__(self, channels=36, length=168):
        super().__init__(channels)
        del self.fc1, self.dropout, self.fc2
        self.length = length
        self.decoder = nn.ModuleDict({
            "fc": nn.Linear(128, 1024),
            "conv1": nn.Conv1d(128, 128, 5, padding=2, bias=False),
            "norm1": nn.BatchNorm1d(128),
            "conv2": nn.Conv1d(128, 64, 5, padding=2, bias=False),
            "norm2": nn.BatchNorm1d(64),
            "conv3": nn.Conv1d(64, channels, 5, padding=2),
        })

    def forward(self, x):
        d = self.decoder
        x = F.max_pool1d(F.relu(self.norm1(self.conv1(x))), 2)
        x = F.max_pool1d(F.relu(self.norm2(self.conv2(x))), 2)
        x = F.adaptive_avg_pool1d(F.relu(self.norm3(self.conv3(x))), 8)
        x = F.relu(d["fc"](self.fc(x.flatten(1)))).view(-1, 128, 8)
        x = F.relu(d["norm1"](d["conv1"](F.interpolate(x, 16))))
        x = F.relu(d["norm2"](d["conv2"](F.interpolate(x, 32))))
        x = d["conv3"](F.interpolate(x, 64))
        return F.interpolate(x, self.length, mode="linear")


class DeepConvLstm(nn.Module):
    """Windows [n, channels, length]."""

    def __init__(self, channels=36, classes=12):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 64, (5, 1))
        self.conv2 = nn.Conv2d(64, 64, (5, 1))
        self.conv3 = nn.Conv2d(64, 64, (5, 1))
        self.conv4 = nn.Conv2d(64, 64, (5, 1))
        self.dropout = nn.Dropout(0.5)
        self.lstm = nn.LSTM(64 * channels, 128, num_layers=2, batch_first=True)
        self.fc = nn.Linear(128, classes)

    def forward(self, x):
        x = x.transpose(1, 2).unsqueeze(1)
        for conv in (self.conv1, self.conv2, self.conv3, self.conv4):
            x = F.relu(conv(x))
        x = self.dropout(x.permute(0, 2, 1, 3).flatten(2))
        return self.fc(self.lstm(x)[0][:, -1])


class McCnn(nn.Module):
    """Windows [n, channels, length]."""

    def __init__(self, channels=36, length=168, classes=12):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 64, (5, 1))
        self.conv2 = nn.Conv2d(64, 64, (5, 1), stride=(2, 1))
        self.conv3 = nn.Conv2d(64, 64, (5, 1))
        self.conv4 = nn.Conv2d(64, 64, (5, 1), stride=(2, 1))
        steps = ((length - 4 - 5) // 2 + 1 - 4 - 5) // 2 + 1
        self.step = nn.Linear(64 * channels, 128)
        self.all = nn.Linear(128 * steps, 128)
        self.dropout = nn.Dropout(0.25)
        self.fc = nn.Linear(128, classes)

    def forward(self, x):
        x = x.transpose(1, 2).unsqueeze(1)
        for conv in (self.conv1, self.conv2, self.conv3, self.conv4):
            x = F.relu(conv(x))
        x = self.dropout(F.relu(self.step(x.permute(0, 2, 1, 3).flatten(2))))
        x = self.dropout(F.relu(self.all(x.flatten(1))))
        return self.fc(x)


class Block(nn.Module):
    def __init__(self, inputs, width, stride, bottleneck):
        super().__init__()
        outputs = 4 * width if bottleneck else width
        shapes = ([(inputs, width, 1, 1), (width, width, 3, stride), (width, outputs, 1, 1)]
                  if bottleneck else [(inputs, width, 3, stride), (width, width, 3, 1)])
        self.depth = len(shapes)
        for i, (a, b, size, step) in enumerate(shapes, 1):
            setattr(self, f"conv{i}", nn.Conv2d(a, b, size, step, size // 2, bias=False))
            setattr(self, f"bn{i}", nn.BatchNorm2d(b))
        self.downsample = None
        if inputs != outputs or stride != 1:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = x
        for i in range(1, self.depth + 1):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            y = F.relu(y) if i < self.depth else y
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    """Images [n, 3, h, w]; torchvision's names and shapes."""

    def __init__(self, blocks, bottleneck, classes=40):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        inputs = 64
        for stage, count in enumerate(blocks, 1):
            width = 32 << stage
            layers = []
            for i in range(count):
                layers.append(Block(inputs, width, 2 if i == 0 and stage > 1 else 1, bottleneck))
                inputs = 4 * width if bottleneck else width
            setattr(self, f"layer{stage}", nn.Sequential(*layers))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
        return self.fc(x.mean((2, 3)))


# Name, model, shape of the inputs of a parity case, classes (None: an autoencoder).
CASES = {
    "small-cnn": (SmallCnn, (8, 1, 28, 28), 10),
    "har-cnn": (HarCnn, (6, 36, 168), 12),
    "har-cnn-decoder": (lambda: HarAutoencoder(channels=6, length=60), (6, 6, 60), None),
    "deep-conv-lstm": (lambda: DeepConvLstm(channels=6), (4, 6, 40), 12),
    "mc-cnn": (lambda: McCnn(channels=6, length=60), (4, 6, 60), 12),
    "resnet18": (lambda: ResNet((2, 2, 2, 2), False), (4, 3, 64, 64), 40),
    "resnet50": (lambda: ResNet((3, 4, 6, 3), True), (4, 3, 64, 64), 40),
}


def without_dropout(model):
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    return model
