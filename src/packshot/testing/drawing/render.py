"""Renders parts as a studio would photograph them: deferred shading over a triangle raster, twice as large as asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from packshot.testing.drawing.materials import GAMMA, TILE_PX, linear, tile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from packshot.testing.drawing.materials import Material
    from packshot.testing.drawing.solids import Part

OVERSAMPLING = 2
SUBPIXEL_BITS = 4
CHUNK = 1 << 15
SMALL_PX = 400
"""A product no longer than this is drawn from half as many points each way,"""
FEW = 20
"""unless it has no more than this many there."""
CAMERA_DISTANCE = 7.0
"""In units of the models, which are about 2 tall: a short telephoto lens."""

KEY_LIGHT = np.array([-0.55, 0.65, 0.65], np.float32)
FILL_LIGHT = np.array([0.8, 0.15, 0.6], np.float32)
WARM = np.array([1.0, 0.975, 0.94], np.float32)
COOL = np.array([0.94, 0.975, 1.0], np.float32)


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the viewer stands, in degrees, and which part of the product's box is in the window."""

    yaw: float = 0.0
    pitch: float = 10.0
    roll: float = 0.0
    window: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    """x, y, w, h as shares of the product's box."""


@dataclass(slots=True)
class _Layer:
    """What each pixel sees: depth (further is smaller, about in units of the models), normal, u, v, part (-1: none)."""

    depth: NDArray[np.float32]
    normal: NDArray[np.float32]
    uv: NDArray[np.float32]
    part: NDArray[np.int32]


def render(parts: Sequence[Part], camera: Camera, size_px: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """RGB (height × width × 3) and alpha (height × width), tight around the window; its longer side is `size_px`."""
    keep = 2 if size_px <= SMALL_PX * max(camera.window[2:]) else 1
    turned = [_turn(_thinned(part.points, keep), camera) for part in parts]
    screens, (height, width) = _fit([_projected(points) for points in turned], camera, size_px * OVERSAMPLING)
    colour = np.zeros((height, width, 3), np.float32)
    alpha = np.zeros((height, width), np.float32)
    for glass in (False, True):
        layer = _Layer(
            np.full((height, width), -1e9, np.float32),
            np.zeros((height, width, 3), np.float32),
            np.zeros((height, width, 2), np.float32),
            np.full((height, width), -1, np.int32),
        )
        chosen = [number for number, part in enumerate(parts) if part.material.glass == glass]
        for number in chosen:
            _raster(layer, number, screens[number], turned[number])
        if chosen:
            _shade(layer, parts, colour, alpha)
    return _reduced(colour, alpha)


def _thinned(points: NDArray[np.float32], keep: int) -> NDArray[np.float32]:
    """About every `keep`-th row and column, with the first and the last: small pictures show no more."""
    rows, columns = (
        np.round(np.linspace(0, n - 1, 1 + -(-(n - 1) // (keep if n > FEW else 1)))).astype(int)
        for n in points.shape[:2]
    )
    return np.asarray(points[rows[:, None], columns], np.float32)


def _turn(points: NDArray[np.float32], camera: Camera) -> NDArray[np.float32]:
    yaw, pitch, roll = np.radians([camera.yaw, camera.pitch, camera.roll])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    return np.asarray(points @ (about_z @ about_x @ about_y).T.astype(np.float32), np.float32)


def _projected(points: NDArray[np.float32]) -> NDArray[np.float32]:
    zoom = CAMERA_DISTANCE / (CAMERA_DISTANCE - points[..., 2:3])
    return np.asarray(points[..., :2] * zoom * np.array([1, -1], np.float32), np.float32)


def extent(parts: Sequence[Part], camera: Camera) -> tuple[float, float]:
    """Width and height of the product as the camera sees it, in units of the models."""
    low, high = _bounds([_projected(_turn(part.points, camera)) for part in parts])
    return float(high[0] - low[0]), float(high[1] - low[1])


def _bounds(flat: list[NDArray[np.float32]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    low, high = (
        np.array([pick([pick(xy[..., axis]) for xy in flat]) for axis in (0, 1)], np.float32)
        for pick in (np.min, np.max)
    )
    return low, high


def _fit(
    flat: list[NDArray[np.float32]], camera: Camera, longest: int
) -> tuple[list[NDArray[np.float32]], tuple[int, int]]:
    """Screen positions in pixels of the raster, and its height and width."""
    low, high = _bounds(flat)
    x, y, w, h = camera.window
    corner = low + (high - low) * np.array([x, y], np.float32)
    sides = (high - low) * np.array([w, h], np.float32)
    scale = (longest - 2) / float(sides.max())
    width, height = (int(np.ceil(side * scale / 2)) * 2 + 2 for side in sides)
    return [(xy - corner) * scale + 1 for xy in flat], (height, width)


def _normals(points: NDArray[np.float32]) -> NDArray[np.float32]:
    down, across = np.gradient(points, axis=(0, 1))
    normal = np.cross(across, down)
    length = np.linalg.norm(normal, axis=-1, keepdims=True)
    # A pole is one point drawn out to a row: it takes the normals of the row beside it.
    for pole, neighbour in ((0, 1), (-1, -2)):
        thin = length[pole] < 1e-7  # noqa: PLR2004 - below it the direction is rounding error
        normal[pole] = np.where(thin, normal[neighbour], normal[pole])
    return np.asarray(normal / (np.linalg.norm(normal, axis=-1, keepdims=True) + 1e-12), np.float32)


def _triangles(rows: int, columns: int) -> NDArray[np.int64]:
    """Corner numbers (n × 3) of the two triangles in each cell of a grid."""
    corner = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = (corner[:-1, :-1], corner[:-1, 1:], corner[1:, :-1], corner[1:, 1:])
    return np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([b, d, c], -1).reshape(-1, 3)])


def _raster(layer: _Layer, number: int, screen: NDArray[np.float32], points: NDArray[np.float32]) -> None:
    """Draw the grid's triangles far to near as numbers, then give every pixel what its own triangle holds."""
    rows, columns = points.shape[:2]
    v, u = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
    # Not z but its zoom, which stays even along a line on the screen: a label just above its bottle stays above it.
    near = CAMERA_DISTANCE**2 / (CAMERA_DISTANCE - points[..., 2:3])
    held = np.concatenate([near, _normals(points), u[..., None], v[..., None]], axis=-1)
    held = held.reshape(-1, 6).astype(np.float32)
    xy = screen.reshape(-1, 2)
    corners = _triangles(rows, columns)
    corners = corners[np.argsort(held[corners, 0].mean(axis=1), kind="stable")]
    height, width = layer.part.shape
    left, top = np.clip(np.floor(xy.min(axis=0)).astype(int) - 1, 0, (width, height))
    right, bottom = np.clip(np.ceil(xy.max(axis=0)).astype(int) + 2, 0, (width, height))
    if right <= left or bottom <= top:
        return
    which = np.full((bottom - top, right - left), -1, np.int32)
    inside = xy - np.array([left, top], np.float32)
    for count, triangle in enumerate(np.round(inside[corners] * (1 << SUBPIXEL_BITS)).astype(np.int32)):
        cv2.fillConvexPoly(which, triangle, count, shift=SUBPIXEL_BITS)
    triangles = inside[corners]
    held = held[corners]
    for at in _chunks(np.flatnonzero(which >= 0)):
        _keep_nearest(layer, number, triangles, held, at, which.ravel()[at], (left, top, right - left))


def _chunks(places: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Pixels in lots that stay in the processor's cache: twice as fast as all at once."""
    return np.array_split(places, -(-len(places) // CHUNK)) if len(places) else []


def _keep_nearest(  # noqa: PLR0913, PLR0917 - one raster's state, by its names
    layer: _Layer,
    number: int,
    triangles: NDArray[np.float32],
    held: NDArray[np.float32],
    at: NDArray[np.intp],
    seen: NDArray[np.int32],
    window: tuple[int, int, int],
) -> None:
    """Write pixels `at` of the window (left, top, width) where the triangles `seen` are nearer than what is there."""
    left, top, wide = window
    y, x = np.divmod(at, wide)
    place = (y + top) * layer.part.shape[1] + x + left
    b, c = _barycentric(triangles, seen, x.astype(np.float32), y.astype(np.float32))
    depth = _mixed(held[:, :, 0], seen, b, c)
    nearer = depth > layer.depth.reshape(-1)[place]
    place, seen, b, c = place[nearer], seen[nearer], b[nearer, None], c[nearer, None]
    rest = _mixed(held[:, :, 1:], seen, b, c)
    layer.depth.reshape(-1)[place] = depth[nearer]
    layer.normal.reshape(-1, 3)[place] = rest[:, :3]
    layer.uv.reshape(-1, 2)[place] = rest[:, 3:]
    layer.part.reshape(-1)[place] = number


def _mixed(
    held: NDArray[np.float32], seen: NDArray[np.int32], b: NDArray[np.float32], c: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What lies at shares `b` and `c` between the three corners (second axis of `held`) of the triangles `seen`."""
    corner = held[seen]
    first = corner[:, 0]
    return np.asarray(first + b * (corner[:, 1] - first) + c * (corner[:, 2] - first), np.float32)


def _barycentric(
    triangles: NDArray[np.float32], seen: NDArray[np.int32], x: NDArray[np.float32], y: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Shares of the second and third corner at each pixel, kept within the triangle."""
    origin = triangles[:, 0]
    ax, ay = (triangles[:, 1] - origin).T
    bx, by = (triangles[:, 2] - origin).T
    area = ax * by - ay * bx
    scale = np.where(np.abs(area) < 1e-4, 0, 1 / np.where(area == 0, 1, area))  # noqa: PLR2004 - an edge-on triangle
    dx, dy = x - origin[:, 0][seen], y - origin[:, 1][seen]
    b = np.clip(dx * (by * scale)[seen] - dy * (bx * scale)[seen], 0, 1)
    c = np.clip(dy * (ax * scale)[seen] - dx * (ay * scale)[seen], 0, 1)
    over = np.maximum(b + c, 1)
    return b / over, c / over


def _shade(layer: _Layer, parts: Sequence[Part], colour: NDArray[np.float32], alpha: NDArray[np.float32]) -> None:
    """Paint the layer over `colour` (linear, premultiplied) and `alpha`."""
    openness = _openness(layer)
    for number, part in enumerate(parts):
        for at in _chunks(np.flatnonzero(layer.part == number)):
            _paint(layer, part.material, at, openness, colour, alpha)


def _paint(  # noqa: PLR0913, PLR0917 - a layer and what is painted over
    layer: _Layer,
    material: Material,
    at: NDArray[np.intp],
    openness: NDArray[np.float32],
    colour: NDArray[np.float32],
    alpha: NDArray[np.float32],
) -> None:
    normal = layer.normal.reshape(-1, 3)[at]
    length = np.sqrt(np.einsum("nc,nc->n", normal, normal)) + 1e-9
    normal *= (np.where(normal[:, 2] < 0, -1, 1) / length).astype(np.float32)[:, None]
    lit = _lit(_surface(material, layer.uv.reshape(-1, 2)[at]), normal, material) * openness.ravel()[at][:, None]
    covers = np.ones(len(lit), np.float32)
    if material.glass:
        covers = np.clip(0.10 + 0.85 * (1 - normal[:, 2]) ** 1.6 + _mirrored(normal) * 0.6, 0, 1)
        lit = colour.reshape(-1, 3)[at] * (1 - covers[:, None]) + lit * covers[:, None]
        covers = alpha.ravel()[at] * (1 - covers) + covers
    colour.reshape(-1, 3)[at] = lit
    alpha.reshape(-1)[at] = covers


def _openness(layer: _Layer) -> NDArray[np.float32]:
    """Darkens what lies behind its neighbourhood, by unsharp masking of the depth (Luft et al., 2006)."""
    inside = (layer.part >= 0).astype(np.float32)
    depth = np.where(layer.part >= 0, layer.depth, 0).astype(np.float32)
    small = 0.25
    weight = cv2.resize(inside, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
    near = cv2.resize(depth, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
    spread = max(weight.shape) * 0.02
    near = cv2.GaussianBlur(near, (0, 0), spread) / (cv2.GaussianBlur(weight, (0, 0), spread) + 1e-4)
    near = cv2.resize(near, depth.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(1 - 0.55 * np.clip((near - depth) * 4, 0, 1), np.float32)


def _surface(material: Material, uv: NDArray[np.float32]) -> NDArray[np.float32]:
    """Linear colour of the surface at each u and v."""
    if material.print_rgb is None:
        found = np.repeat(linear(material.colour)[None], len(uv), axis=0)
    else:
        height, width = material.print_rgb.shape[:2]
        found = linear(_sampled(material.print_rgb, uv * [width - 1, height - 1], cv2.BORDER_REPLICATE))
    if material.tile:
        relief = _sampled(tile(material.tile), uv * material.repeat * TILE_PX, cv2.BORDER_WRAP)
        found *= (1 + material.relief * relief)[:, None].astype(np.float32)
    return found


def _sampled(image: NDArray[Any], xy: NDArray[Any], border: int) -> NDArray[Any]:
    """The image at fractional positions (n × 2), bilinear. cv2.remap takes no row beyond 32767, so n is folded."""
    fold = 1024
    padded = np.zeros((-(-len(xy) // fold) * fold, 2), np.float32)
    padded[: len(xy)] = xy
    if border == cv2.BORDER_WRAP:
        padded %= np.array(image.shape[1::-1], np.float32)
    grid = padded.reshape(-1, fold, 2)
    rows = [
        cv2.remap(image, piece[..., 0].copy(), piece[..., 1].copy(), cv2.INTER_LINEAR, borderMode=border)
        for piece in np.array_split(grid, -(-len(grid) // 8192))
    ]
    found = np.concatenate(rows)
    return found.reshape(-1, *image.shape[2:])[: len(xy)]


def _lit(surface: NDArray[np.float32], normal: NDArray[np.float32], material: Material) -> NDArray[np.float32]:
    """Linear light that leaves the surface: two soft lamps, a bright room, lamps mirrored, darker towards rims."""
    key = np.clip((normal @ (KEY_LIGHT / np.linalg.norm(KEY_LIGHT)) + 0.25) / 1.25, 0, 1)[:, None]
    fill = np.clip((normal @ (FILL_LIGHT / np.linalg.norm(FILL_LIGHT)) + 0.25) / 1.25, 0, 1)[:, None]
    room = (0.5 + 0.5 * normal[:, 1:2]) * 0.2 + 0.16
    light = 0.62 * key * WARM + 0.22 * fill * COOL + room
    facing = np.clip(normal[:, 2:3], 0, 1)
    rim = 0.6 + 0.4 * np.sqrt(facing)
    mirrored = _mirrored(normal)[:, None]
    glance = 0.25 + 0.75 * (1 - facing) * (1 - facing)
    shine = material.gloss * mirrored * (0.35 + 0.65 * glance)
    body = surface * light * rim * (1 - 0.35 * material.gloss)
    return np.asarray(body + shine + material.glow * (0.5 + 0.5 * normal[:, 2:3]), np.float32)


def _mirrored(normal: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much of a lamp each normal mirrors: a tall soft box on the left, a strip on the right, a window above."""
    x = 2 * normal[:, 2] * normal[:, 0]
    y = 2 * normal[:, 2] * normal[:, 1]
    ahead = np.clip((2 * normal[:, 2] ** 2 - 1) * 8 + 0.5, 0, 1)
    left = _bump(x, -0.72, 0.17) * _bump(y, 0.12, 0.75) * ahead
    right = _bump(x, 0.86, 0.06) * _bump(y, 0.0, 0.8) * ahead
    above = _bump(y, 0.93, 0.08) * _bump(x, 0.0, 0.5)
    return np.asarray(np.clip(left + 0.55 * right + 0.7 * above, 0, 1), np.float32)


def _bump(value: NDArray[np.float32], centre: float, half: float) -> NDArray[np.float32]:
    """1 within `half` of the centre, falling softly to 0 over a third of it."""
    return np.asarray(np.clip((half - np.abs(value - centre)) / (half * 0.35) + 0.5, 0, 1), np.float32)


def _reduced(colour: NDArray[np.float32], alpha: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Half as large, as bytes, and no longer premultiplied; white where there is nothing."""
    # Averaged after the tone curve, as eyes and codecs average: no dark rims around light products.
    tone = np.power(np.clip(colour / np.maximum(alpha, 1e-4)[..., None], 0, 1), 1 / GAMMA) * alpha[..., None]
    half = (alpha.shape[1] // OVERSAMPLING, alpha.shape[0] // OVERSAMPLING)
    tone = np.asarray(cv2.resize(tone.astype(np.float32), half, interpolation=cv2.INTER_AREA), np.float32)
    small = cv2.resize(alpha, half, interpolation=cv2.INTER_AREA)
    shown = np.where(small[..., None] > 0, tone / np.maximum(small, 1e-4)[..., None], 1)
    return _bytes(shown), _bytes(small)


def _bytes(share: NDArray[Any]) -> NDArray[np.uint8]:
    return np.asarray(np.clip(np.round(share * 255), 0, 255), np.uint8)
