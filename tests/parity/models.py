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


class SmallAutoencoder(SmallCnn):
    """Images in, images out: the encoder of SmallCnn and its mirror image."""

    def __init__(self):
        super().__init__()
        del self.fc
        self.decoder = nn.ModuleDict({
            "conv1": nn.Conv2d(16, 8, 3, padding=1),
            "conv2": nn.Conv2d(8, 1, 3, padding=1),
        })

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = F.relu(self.decoder["conv1"](F.interpolate(x, scale_factor=2)))
        return self.decoder["conv2"](F.interpolate(x, scale_factor=2))


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


class AfnoFilter(nn.Module):
    def __init__(self, width, blocks):
        super().__init__()
        size = width // blocks
        self.blocks = blocks
        self.w1 = nn.Parameter(0.02 * torch.randn(2, blocks, size, size))
        self.b1 = nn.Parameter(0.02 * torch.randn(2, blocks, size))
        self.w2 = nn.Parameter(0.02 * torch.randn(2, blocks, size, size))
        self.b2 = nn.Parameter(0.02 * torch.randn(2, blocks, size))

    def forward(self, x):
        n, h, w, width = x.shape
        f = torch.fft.rfft2(x, dim=(1, 2), norm="ortho")
        f = f.reshape(n, h, w // 2 + 1, self.blocks, width // self.blocks)
        kept = h // 2 + 1
        part = f[:, :, :kept]

        def layer(x, w, b):
            return (torch.einsum("...bi,bio->...bo", x, torch.complex(w[0], w[1]))
                    + torch.complex(b[0], b[1]))

        y = layer(part, self.w1, self.b1)
        y = layer(torch.complex(F.relu(y.real), F.relu(y.imag)), self.w2, self.b2)
        shrunk = torch.complex(F.softshrink(y.real, 0.01), F.softshrink(y.imag, 0.01))
        out = torch.zeros_like(f)
        out[:, :, :kept] = shrunk
        return torch.fft.irfft2(out.reshape(n, h, w // 2 + 1, width), s=(h, w), dim=(1, 2),
                                norm="ortho") + x


class AfnoBlock(nn.Module):
    def __init__(self, width, blocks):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.filter = AfnoFilter(width, blocks)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(width, 4 * width),
                                  "fc2": nn.Linear(4 * width, width)})

    def forward(self, x):
        x = x + self.filter(self.norm1(x))
        return x + self.mlp["fc2"](F.gelu(self.mlp["fc1"](self.norm2(x))))


class Afno(nn.Module):
    """Fields [n, channels, height, width]; FourCastNet's names. `norm` is never used."""

    def __init__(self, channels, height, width, patch=8, embed=768, depth=12, blocks=8):
        super().__init__()
        self.grid = (height // patch, width // patch)
        self.patch, self.channels = patch, channels
        self.pos_embed = nn.Parameter(torch.zeros(1, self.grid[0] * self.grid[1], embed))
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(channels, embed, patch, patch)})
        self.blocks = nn.ModuleList(AfnoBlock(embed, blocks) for _ in range(depth))
        self.norm = nn.LayerNorm(embed, eps=1e-6)
        self.head = nn.Linear(embed, patch * patch * channels, bias=False)

    def forward(self, x):
        n, (h, w), p = x.shape[0], self.grid, self.patch
        x = self.patch_embed["proj"](x).flatten(2).transpose(1, 2) + self.pos_embed
        x = x.view(n, h, w, -1)
        for block in self.blocks:
            x = block(x)
        x = self.head(x).view(n, h, w, p, p, self.channels)
        return torch.einsum("nhwpqc->nchpwq", x).reshape(n, self.channels, h * p, w * p)


def relative_l2(x, y):
    return ((x - y).flatten(1).norm(dim=1) / y.flatten(1).norm(dim=1)).mean()


# Name, model, shape of the inputs of a parity case, classes (None: an autoencoder).
CASES = {
    "small-cnn": (SmallCnn, (8, 1, 28, 28), 10),
    "small-cnn-decoder": (SmallAutoencoder, (8, 1, 28, 28), None),
    "har-cnn": (HarCnn, (6, 36, 168), 12),
    "har-cnn-decoder": (lambda: HarAutoencoder(channels=6, length=60), (6, 6, 60), None),
    "deep-conv-lstm": (lambda: DeepConvLstm(channels=6), (4, 6, 40), 12),
    "mc-cnn": (lambda: McCnn(channels=6, length=60), (4, 6, 60), 12),
    "resnet18": (lambda: ResNet((2, 2, 2, 2), False), (4, 3, 64, 64), 40),
    "resnet50": (lambda: ResNet((3, 4, 6, 3), True), (4, 3, 64, 64), 40),
}


# Name, model, shape of the inputs: the loss is the relative L2 distance to fields of that shape.
FORECASTS = {
    # 5 x 7 patches, both odd: of 4 columns of frequencies 3 are kept.
    "afno": (lambda: Afno(3, 20, 28, patch=4, embed=16, depth=2, blocks=4), (2, 3, 20, 28)),
    # 6 x 4 patches: all columns are kept.
    "afno-narrow": (lambda: Afno(2, 12, 8, patch=2, embed=12, depth=3, blocks=2), (3, 2, 12, 8)),
}


def without_dropout(model):
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    return model
