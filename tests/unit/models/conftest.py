import hashlib
import zipfile

import pytest

from packshot.models.folder import VARIABLE
from packshot.models.sources import PINS_VARIABLE
from packshot.testing.stand_in_models import tiny_cache


class Wheelhouse:
    """A folder of wheels, and the list of models that are in them."""

    def __init__(self, root):
        self.folder = root / "wheels"
        self.folder.mkdir()
        self.listed = root / "sources.toml"
        self.cache = root / "models"
        self.tables = {}

    def wheel(self, package, members, version="1.0"):
        path = self.folder / f"{package.replace('-', '_')}-{version}-py3-none-any.whl"
        about = f"{package.replace('-', '_')}-{version}.dist-info"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, value in members.items():
                archive.writestr(name, value)
            archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n"
                             "Requires-Python: <3\nRequires-Dist: not-to-be-had\n")  # fmt: skip
            archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            archive.writestr(f"{about}/RECORD", "")
        return path

    def model(self, model, package, member, value, **more):
        pin = {
            "name": "model.onnx",
            "package": package,
            "version": "1.0",
            "wheel": f"{package.replace('-', '_')}-1.0-py3-none-any.whl",
            "member": member,
            "sha256": hashlib.sha256(value).hexdigest(),
            "bytes": len(value),
            **more,
        }
        self.tables.setdefault(model, []).append(pin)
        lines = []
        for named, pins in self.tables.items():
            lines.append(f"[{named}]")
            lines += [f'{key} = ""' for key in ("task", "licence", "upstream", "copyright", "inputs", "outputs")]
            for one in pins:
                lines.append(f"[[{named}.files]]")
                lines += [f"{key} = {value!r}" for key, value in one.items()]
        self.listed.write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def wheelhouse(tmp_path, monkeypatch):
    """Two models in one wheel, one in another, and an empty cache."""
    house = Wheelhouse(tmp_path)
    members = {"a/first.onnx": b"first" * 100, "a/second.onnx": b"second" * 100}
    house.wheel("two-models", members)
    house.wheel("one-model", {"b/third.onnx": b"third" * 100})
    house.model("first", "two-models", "a/first.onnx", members["a/first.onnx"])
    house.model("second", "two-models", "a/second.onnx", members["a/second.onnx"])
    house.model("third", "one-model", "b/third.onnx", b"third" * 100)
    monkeypatch.setenv(VARIABLE, str(house.cache))
    monkeypatch.setenv(PINS_VARIABLE, str(house.listed))
    return house


@pytest.fixture
def stand_ins(tmp_path, monkeypatch):
    """A cache full of stand-ins; the folder of it."""
    for name, value in tiny_cache(tmp_path).items():
        monkeypatch.setenv(name, value)
    return tmp_path / "models"
