"""Draws 3D models of furniture and household things standing on the ground: upright things seen from the side."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Pixels = NDArray[np.uint8]

LARGEST = 2_500_000
"""Bytes of a model that is drawn: larger ones have too many faces."""
MOST_FACES = 30_000
SIDE = 448
LIGHT = np.array([0.35, 0.8, 0.5])
"""Where the light comes from: above, from the right and the front; by each drawing's own seed from the left."""


@dataclass(frozen=True, slots=True, eq=False)
class Solid:
    """A model: its corners, y upwards, and its faces."""

    name: str
    corners: Floats
    """Shape (n, 3)."""
    faces: list[list[int]]
    colours: Floats
    """0 to 255, one for each face, shape (faces, 3)."""


def solids(library: Path) -> Iterator[Solid]:
    """The models of one furniture library (`.sh3f`, of Sweet Home 3D) that can be drawn quickly."""
    with zipfile.ZipFile(library) as archive:
        catalogue = archive.read("PluginFurnitureCatalog.properties").decode("latin-1")
        turns = dict(re.findall(r"^modelRotation#(\d+)=([-\d. eE]+)", catalogue, re.MULTILINE))
        for number, path in re.findall(r"^model#(\d+)=/?(\S+\.obj)", catalogue, re.MULTILINE):
            if path in archive.NameToInfo and archive.getinfo(path).file_size <= LARGEST:
                turn = np.array(turns.get(number, "1 0 0 0 1 0 0 0 1").split(), float).reshape(3, 3)
                found = _solid(archive, path, turn, f"{library.stem}/{number}")
                if found is not None:
                    yield found


def _solid(archive: zipfile.ZipFile, path: str, turn: Floats, name: str) -> Solid | None:
    corners: list[list[float]] = []
    faces: list[list[int]] = []
    colours: list[Floats] = []
    known: dict[str, Floats] = {}
    colour = np.full(3, 200.0)
    for line in archive.read(path).decode("latin-1").splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "v":
            corners.append([float(one) for one in rest.split()[:3]])
        elif word == "f":
            face = [int(one.split("/")[0]) for one in rest.split()]
            if len(face) > 2:  # noqa: PLR2004 -- a line is no face
                faces.append([one - 1 if one > 0 else len(corners) + one for one in face])
                colours.append(colour)
        elif word == "usemtl":
            colour = known.get(rest.strip(), np.full(3, 200.0))
        elif word == "mtllib":
            known |= _materials(archive, normpath(join(dirname(path), rest.strip())))
    if not faces or len(faces) > MOST_FACES:
        return None
    return Solid(name, np.array(corners) @ turn.T, faces, np.array(colours))


def _materials(archive: zipfile.ZipFile, path: str) -> dict[str, Floats]:
    """The colour of each material: that of its picture in the mean, where it has one."""
    found: dict[str, Floats] = {}
    if path not in archive.NameToInfo:
        return found
    name = ""
    for line in archive.read(path).decode("latin-1").splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "newmtl":
            name = rest.strip()
        elif word == "Kd" and name not in found:
            found[name] = np.array([float(one) for one in rest.split()[:3]]) * 255
        elif word == "map_Kd":
            picture = normpath(join(dirname(path), rest.strip().split(" ")[-1]))
            if picture in archive.NameToInfo:
                with Image.open(BytesIO(archive.read(picture))) as opened:
                    found[name] = np.array(opened.convert("RGB").resize((1, 1)).getpixel((0, 0)), float)
    return found


def drawn(solid: Solid, random: np.random.Generator) -> Pixels:
    """The model seen from a side and a little from above, in perspective: (448, 448, 4) uint8, alpha exact.

    Faces are painted from the farthest to the nearest, each in one shade (Lambert), as Newell's painter does without
    the splitting of faces.
    """
    low, high = solid.corners.min(axis=0), solid.corners.max(axis=0)
    corners = (solid.corners - (low + high) / 2) / max(float((high - low).max()), 1e-9)
    around, above = random.uniform(-1.1, 1.1), random.uniform(0.0, 0.6)
    turn = np.array(
        [[np.cos(around), 0, np.sin(around)], [0, 1, 0], [-np.sin(around), 0, np.cos(around)]],
    )
    tilt = np.array([[1, 0, 0], [0, np.cos(above), -np.sin(above)], [0, np.sin(above), np.cos(above)]])
    seen = corners @ turn.T @ tilt.T
    away = random.uniform(2.0, 5.0) - seen[:, 2]
    flat = seen[:, :2] / away[:, None]
    middle, span = (flat.max(axis=0) + flat.min(axis=0)) / 2, float(np.ptp(flat, axis=0).max())
    flat = (flat - middle) * (0.9 * SIDE / max(span, 1e-9)) * [1, -1] + SIDE / 2
    light = LIGHT * [random.choice([-1, 1]), 1, 1]
    return _painted(solid, seen, flat, away, light / np.linalg.norm(light) @ tilt.T)


def _painted(solid: Solid, seen: Floats, flat: Floats, away: Floats, light: Floats) -> Pixels:
    firsts = np.array([face[:3] for face in solid.faces])
    across = np.cross(seen[firsts[:, 1]] - seen[firsts[:, 0]], seen[firsts[:, 2]] - seen[firsts[:, 0]])
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12)
    across *= np.where(across[:, 2:] < 0, -1, 1)  # models do not agree on which side of a face is outside
    shade = 0.45 + 0.6 * np.clip(across @ light, 0, 1)
    shades = np.clip(solid.colours * shade[:, None], 0, 255)
    depth = np.array([away[face].mean() for face in solid.faces])
    image = np.zeros((SIDE, SIDE, 4), np.uint8)
    points = np.round(flat * 16).astype(np.int32)
    for number in np.argsort(-depth):
        red, green, blue = (int(one) for one in shades[number])
        cv2.fillConvexPoly(image, points[solid.faces[number]], (red, green, blue, 255), cv2.LINE_8, 4)
    return image
