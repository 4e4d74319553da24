"""PyTorch's side of `npm run bench:train`: the same network, loss and update, on random inputs.

One JSON object a line. Argument: the sizes. Prints what it is, then for each line {"steps": n} on stdin the seconds
that n steps took.
"""

import json
import sys
import time

try:
    import torch
except ImportError as error:
    print(json.dumps({"missing": str(error)}))
    sys.exit()

from torch import nn
from torch.nn import functional as F

EPSILON = 1e-5
WING_WIDTH, WING_CURVATURE, TARGET_CELLS = 8, 1.5, 0.9


class Conv(nn.Sequential):
    """Convolution, batch norm and ReLU, as `GradientLayers.conv`."""

    def __init__(self, before, filters, kernel, stride=1, relu=True):
        parts = [
            nn.Conv2d(before, filters, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(filters, EPSILON, 0.02),
        ]
        super().__init__(*parts, *([nn.ReLU(inplace=True)] if relu else []))


class Block(nn.Module):
    """Basic block (He et al., 2016)."""

    def __init__(self, before, filters, stride):
        super().__init__()
        self.shortcut = Conv(before, filters, 1, stride, relu=False) if stride > 1 else nn.Identity()
        self.conv1 = Conv(before, filters, 3, stride)
        self.conv2 = Conv(filters, filters, 3, relu=False)

    def forward(self, x):
        return F.relu_(self.conv2(self.conv1(x)) + self.shortcut(x))


class ResNet18(nn.Module):
    """`training/src/models/resnet18.ts`: trunk and top-down head."""

    def __init__(self, landmarks, width=128):
        super().__init__()
        self.stem = nn.Sequential(Conv(1, 64, 7, 2), nn.MaxPool2d(3, 2, 1))
        stages, before = [], 64
        for filters in (64, 128, 256, 512):
            stages.append(nn.Sequential(Block(before, filters, 1 if filters == 64 else 2), Block(filters, filters, 1)))
            before = filters
        self.stages = nn.ModuleList(stages)
        self.lateral = nn.ModuleList(Conv(n, width, 1, relu=n == 512) for n in (512, 256, 128))
        self.smooth = nn.ModuleList(Conv(width, width, 3) for _ in range(2))
        self.maps = nn.Conv2d(width, landmarks, 1)
        self.difficulty = nn.Conv2d(width, landmarks, 1)
        self.presence = nn.Linear(512, 1)

    def forward(self, x):
        x = self.stem(x)
        features = []
        for stage in self.stages:
            x = stage(x)
            features.append(x)
        _, second, third, fourth = features
        top = self.lateral[0](fourth)
        for lateral, smooth, stage in zip(self.lateral[1:], self.smooth, (third, second)):
            top = smooth(F.relu_(F.interpolate(top, scale_factor=2.0) + lateral(stage)))
        maps = self.maps(top).flatten(2).softmax(2)
        spread = (maps.detach() * self.difficulty(top).flatten(2)).sum(2).exp()
        presence = self.presence(fourth.mean((2, 3)))[:, 0].sigmoid()
        side = round(maps.shape[2] ** 0.5)
        centres = (torch.arange(side) + 0.5) / side
        places = torch.stack((centres.repeat(side), centres.repeat_interleave(side)), 1)
        return maps @ places, spread, presence, maps


def landmark_loss(outputs, points):
    """`training/src/losses/landmark-loss.ts` with every point known and a face in every crop."""
    keypoints, spread, presence, maps = outputs
    n, landmarks, cells = maps.shape
    difference = keypoints - points
    size = difference.abs() * 100
    wing = ((size.clamp(max=WING_WIDTH) / WING_CURVATURE + 1).log() * WING_WIDTH + (size - WING_WIDTH).relu()).sum()
    distance = (difference.detach().square().sum(2) + 1e-10).sqrt()
    side = round(cells**0.5)
    centres = (torch.arange(side) + 0.5) / side
    square = maps.view(n, landmarks, side, side)
    marginals = 0
    for axis, marginal in enumerate((square.sum(2), square.sum(3))):
        target = (-0.5 * ((centres - points[:, :, axis, None]) * side / TARGET_CELLS).square()).softmax(2)
        marginals = marginals - ((marginal + 1e-6).log() * target).sum()
    points_loss = wing / WING_WIDTH + 0.5 * marginals + 0.02 * (spread.log() + distance / spread).sum()
    return points_loss / (n * landmarks + 1) - 0.1 * (presence * 0.9998 + 1e-4).log().mean()


def main(size, batch, landmarks, threads, bfloat16, rate=5e-4, averaging=0.995):
    torch.set_num_threads(threads)
    if hasattr(torch.backends.mkldnn, "conv"):  # older ones read oneDNN's variable, which the caller sets
        precision = "bf16" if bfloat16 else "ieee"
        torch.backends.mkldnn.conv.fp32_precision = torch.backends.mkldnn.matmul.fp32_precision = precision
    torch.manual_seed(1)
    network = ResNet18(landmarks).train().to(memory_format=torch.channels_last)
    weights = list(network.parameters())
    averages = [weight.detach().clone() for weight in weights]
    optimizer = torch.optim.Adam(weights, rate, fused=True)
    crops = torch.randn(batch, 1, size, size)
    points = torch.rand(batch, landmarks, 2)

    def step():
        optimizer.zero_grad()
        loss = landmark_loss(network(crops), points)
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            torch._foreach_lerp_(averages, weights, 1 - averaging)
        return loss.item()

    count = sum(weight.numel() for weight in weights)
    print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads(), "weights": count}), flush=True)
    for line in sys.stdin:
        started = time.perf_counter()
        for _ in range(json.loads(line)["steps"]):
            step()
        print(json.dumps({"seconds": time.perf_counter() - started}), flush=True)


main(**json.loads(sys.argv[1]))
