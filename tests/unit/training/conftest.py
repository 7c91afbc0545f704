import sys
from pathlib import Path

TRAINING = Path(__file__).parents[3] / "training"
sys.path.extend(path for path in (str(TRAINING),) if path not in sys.path)
