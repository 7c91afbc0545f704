"""What workers import, for the process that they are forked from, which does it while the driver starts."""

import signal

# Ctrl-C goes to the whole process group, and may come before the fork server has said what it means there.
signal.signal(signal.SIGINT, signal.SIG_IGN)

from importlib import import_module  # noqa: E402 - after Ctrl-C
from pkgutil import iter_modules  # noqa: E402 - as above

from packshot.evaluate import measures  # noqa: E402 - as above
from packshot.plugins import points  # noqa: E402 - as above

WORK = ("packshot.pipeline.fetch_work", "packshot.pipeline.measure_work", "packshot.pipeline.relate_work")
# Measures of others are only looked for, not imported: what one of them does then is told in a worker, where it is
# an error, and not here, where it would end the process that all workers come from.
OURS = tuple(f"{measures.__name__}.{found.name}" for found in iter_modules(measures.__path__))

for name in (*WORK, *OURS, "packshot.media.jpeg"):
    import_module(name)
points("packshot.measures")
