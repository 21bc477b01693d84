"""What a forked kernel begins with; it imports nothing that a kernel wouldn't."""

from __future__ import annotations

import os
import sys
import threading
import time
from multiprocessing.connection import Connection

from paper.cells.inside import launch

launch.load()


def run(
    options: list[str],
    environment: dict[str, str],
    folder: str,
    path: list[str],
    begun: Connection,
    owner: int,
) -> None:
    """Become a kernel, in a session of its own; ``begun`` is told when that is there."""
    os.setsid()
    begun.send(True)
    begun.close()
    os.environ.clear()
    os.environ.update(environment)
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    time.tzset()
    os.chdir(folder)
    sys.path[:] = path
    sys.argv[:] = [launch.__file__, *options]
    for name in ("tests", __name__):
        sys.modules.pop(name, None)
    threading.Thread(target=_end_with, args=(owner,), daemon=True).start()
    launch.run(parent_handle=os.getppid())


def _end_with(owner: int) -> None:
    """End this process soon after the one that runs the tests."""
    while True:
        time.sleep(1)
        try:
            os.kill(owner, 0)
        except ProcessLookupError:
            os._exit(1)
