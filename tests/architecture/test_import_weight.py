import json
import subprocess
import sys

import pytest

HEAVY = ["numpy", "cv2", "polars", "lance", "pyarrow", "sqlalchemy", "onnxruntime", "torch", "PIL", "jinja2", "ray"]


def loaded_after(code):
    report = f"{code}\nimport sys, json\nprint(json.dumps([m for m in {HEAVY!r} if m in sys.modules]), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    return json.loads(done.stderr.splitlines()[-1])


def command(*words):
    return (
        f"import sys; sys.argv = {['packshot', *words]!r}\n"
        "try:\n import packshot.cli; packshot.cli.main()\n"
        "except SystemExit: pass"
    )


COMPLETING = (
    "import os; os.environ |= {'COMP_WORDS': 'packshot explain blu', 'COMP_CWORD': '2', "
    "'_PACKSHOT_COMPLETE': 'bash_complete'}\n" + command()
)


@pytest.mark.parametrize(
    "code",
    ["import packshot", command("--help"), command("run", "--help"), COMPLETING],
    ids=["import", "help", "run-help", "completing"],
)
def test_loads_nothing_heavy(code):
    assert loaded_after(code) == []


def test_check_of_a_jpeg_loads_no_store(tmp_path):
    from packshot.testing import drawing  # noqa: F401 - fails here, clearly, when the kit is broken

    picture = tmp_path / "one.jpg"
    make = (
        "import cv2, numpy as np\n"
        f"cv2.imwrite({str(picture)!r}, np.random.default_rng(1).integers(0, 255, (600, 600, 3), dtype=np.uint8))"
    )
    subprocess.run([sys.executable, "-c", make], check=True)
    code = f"import packshot; packshot.check({str(picture)!r})"
    assert set(loaded_after(code)) <= {"numpy", "cv2", "polars"}
