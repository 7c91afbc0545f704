"""The network: from the trunk's maps and the picture's luma to heat maps and three answers about the whole picture."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

INPUTS = ("fine", "stride_4", "stride_8", "stride_16", "stride_32", "inside")
OUTPUTS = ("heat", "answers")
ANSWERS = ("overlay", "watermark", "collage")
WIDE = 64
RAISED = 84
"""What of `fine` becomes 1."""


def _conv(inward: int, outward: int, size: int = 1, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inward, outward, size, stride, bias=False), nn.BatchNorm2d(outward), nn.ReLU(inplace=True)
    )


def _separable(inward: int, outward: int, stride: int = 1, spread: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inward, inward, 3, stride, spread, spread, groups=inward, bias=False),
        nn.Conv2d(inward, outward, 1, bias=False),
        nn.BatchNorm2d(outward),
        nn.ReLU(inplace=True),
    )


class Overlays(nn.Module):
    """Heat of overlays and of watermarks for each cell of 8 pixels of the trunk's picture, and the answers' logits."""

    def __init__(self) -> None:
        """Weights at random."""
        super().__init__()
        self.fine = nn.Sequential(_conv(1, 24, 6, 4), _separable(24, 32, 2))
        self.finer = _separable(32, 32)
        self.fine_out = _separable(32, 48, 2)
        self.four = _separable(24, 24, 2)
        self.eight, self.sixteen, self.thirty_two = _conv(40, 32), _conv(112, 48), _conv(320, 32)
        self.join = _conv(48 + 24 + 32 + 48 + 32, WIDE)
        self.near, self.far, self.farther = (_separable(WIDE, WIDE, 1, spread) for spread in (1, 2, 4))
        self.drop = nn.Dropout2d(0.1)
        self.heat = nn.Conv2d(WIDE, 2, 1)
        self.asked = nn.Conv2d(WIDE, 3, 1)
        self.told = nn.Sequential(nn.Linear(3 * WIDE, 48), nn.ReLU(), nn.Dropout(0.2), nn.Linear(48, 3))
        self.heat_weight = nn.Parameter(torch.tensor([0.7, 0.7]))

    def forward(  # noqa: PLR0913, PLR0917 - one for each map
        self, fine: Tensor, four: Tensor, eight: Tensor, sixteen: Tensor, thirty_two: Tensor, inside: Tensor
    ) -> tuple[Tensor, Tensor]:
        """(n, 2, h, w) logits of cells; (n, 3) logits of ANSWERS.

        `fine` is how far luma rises above what is around it, -127 to 127, (n, 1, 16 h, 16 w);
        `inside` is 1 for cells that show the picture, (n, 1, h, w).
        """
        seen = self.fine(functional.pad(fine.float() / RAISED, (1, 1, 1, 1)))
        seen = self.fine_out(seen + self.finer(seen))
        up = [
            functional.interpolate(self.sixteen(sixteen), scale_factor=2.0, mode="nearest"),
            functional.interpolate(self.thirty_two(thirty_two), scale_factor=4.0, mode="nearest"),
        ]
        cells = self.drop(self.join(torch.cat([seen, self.four(four), self.eight(eight), *up], 1)))
        for block in (self.near, self.far, self.farther, self.near):
            cells = cells + block(cells)
        heat = self.heat(cells)
        outside = (1 - inside) * -30
        where = torch.softmax((self.asked(cells) + outside).flatten(2), 2)  # (n, 3, cells)
        flat = cells.flatten(2)
        mean = (flat * inside.flatten(2)).sum(2) / inside.flatten(2).sum(2)
        chosen = torch.einsum("nkc,ndc->nkd", where, flat)
        most = (flat + outside.flatten(2)).amax(2)
        told = [self.told(torch.cat([mean, chosen[:, one], most], 1))[:, one] for one in range(len(ANSWERS))]
        pooled = torch.stack(told, 1)
        hot = (heat + outside).flatten(2)
        highest = (torch.softmax(hot, 2) * hot).sum(2)
        return heat, torch.cat([pooled[:, :2] + self.heat_weight * highest, pooled[:, 2:]], 1)
