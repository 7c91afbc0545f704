import sys
from pathlib import Path

QUALITY = Path(__file__).parents[3] / "benchmarks/quality"
sys.path.extend(path for path in (str(QUALITY), str(QUALITY.parent)) if path not in sys.path)
