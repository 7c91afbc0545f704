"""The small decoder that reads a product's mask off the shared feature maps; needs PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from pathlib import Path

MAPS = {4: 24, 8: 40, 16: 112, 32: 320}
"""Channels of the trunk's maps by their stride."""
WIDTHS = {2: 16, 4: 32, 8: 48, 16: 64, 32: 96}
"""Channels of the decoder at each stride."""
OUTPUT = "mask"


class _Mix(nn.Module):
    """A depthwise and a pointwise convolution, added to what goes in."""

    def __init__(self, width: int, side: int) -> None:
        super().__init__()
        self.look = nn.Conv2d(width, width, side, padding=side // 2, groups=width, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.mix = nn.Conv2d(width, width, 1, bias=False)
        self.last = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.last(self.mix(functional.relu(self.norm(self.look(x))))))


def _told(inside: int, outside: int, side: int = 1, stride: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(inside, outside, side, stride, side // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outside))


class Decoder(nn.Module):
    """From stride 32 down to stride 2; what is known of the whole picture is added at stride 32."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = nn.Linear(MAPS[32], WIDTHS[32])
        self.sides = nn.ModuleDict({str(s): _told(MAPS[s], WIDTHS[s]) for s in MAPS})
        self.down = nn.ModuleDict({str(s): _told(WIDTHS[2 * s], WIDTHS[s]) for s in (16, 8, 4, 2)})
        self.edges = _told(3, WIDTHS[2], 3, 2)
        self.mixes = nn.ModuleDict(
            {
                "32": nn.Sequential(_Mix(WIDTHS[32], 7), _Mix(WIDTHS[32], 7)),
                "16": nn.Sequential(_Mix(WIDTHS[16], 7), _Mix(WIDTHS[16], 7)),
                "8": nn.Sequential(_Mix(WIDTHS[8], 5), _Mix(WIDTHS[8], 5)),
                "4": nn.Sequential(_Mix(WIDTHS[4], 5), _Mix(WIDTHS[4], 3)),
                "2": nn.Sequential(_Mix(WIDTHS[2], 3), _Mix(WIDTHS[2], 3)),
            }
        )
        self.heads = nn.ModuleDict({str(s): nn.Conv2d(WIDTHS[s], 1, 1) for s in WIDTHS})

    def forward(self, image: Tensor, *maps: Tensor) -> dict[int, Tensor]:
        """Logits by stride; `image` as the trunk sees it, and its maps of stride 4, 8, 16, 32."""
        seen = dict(zip(MAPS, maps, strict=True))
        known = self.whole(seen[32].mean(dim=(2, 3)))
        x = functional.relu(self.sides["32"](seen[32]) + known[:, :, None, None])
        x = self.mixes["32"](x)
        told = {32: self.heads["32"](x)}
        for stride in (16, 8, 4, 2):
            x = self.down[str(stride)](x)
            x = functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
            beside = self.edges(image) if stride == 2 else self.sides[str(stride)](seen[stride])  # noqa: PLR2004 - the last
            x = self.mixes[str(stride)](functional.relu(x + beside))
            told[stride] = self.heads[str(stride)](x)
        return told


class _Shipped(nn.Module):
    def __init__(self, decoder: Decoder) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, image: Tensor, *maps: Tensor) -> Tensor:
        return torch.sigmoid(self.decoder(image, *maps)[2])


def export(decoder: Decoder, file: Path) -> None:
    """Write it as ONNX: `image` and `stride4` to `stride32` in, `mask` (batch, 1, h / 2, w / 2) of 0 to 1 out."""
    names = ["image", *(f"stride{s}" for s in MAPS)]
    side = 352
    shown = [torch.zeros(1, 3, side, side), *(torch.zeros(1, c, side // s, side // s) for s, c in MAPS.items())]
    axes = {name: {0: "batch", 2: f"h{name}", 3: f"w{name}"} for name in [*names, OUTPUT]}
    shipped = _Shipped(decoder).eval()
    torch.onnx.export(
        shipped, tuple(shown), file, input_names=names, output_names=[OUTPUT], dynamic_axes=axes, dynamo=False
    )
