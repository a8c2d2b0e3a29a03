"""`--cluster ADDRESS`: work sent to a Dask cluster, whose client gives an executor."""

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from tutor import __version__
from tutor.cli.failure import Failure
from tutor.text import msg

SCHEDULER_SECONDS = 5  # in which it must answer
WORKER_SECONDS = 20  # in which the first of them must have imported `tutor`


@contextmanager
def executor_at(address: str) -> Iterator[Executor]:
    """The cluster whose scheduler is at an address.

    Raises Failure where Dask is not installed, nobody answers, or the workers have no `tutor` of this version.
    """
    try:
        from distributed import Client
    except ImportError:
        raise Failure(msg("cli.cluster-extra")) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong is said in a sentence of ours
    try:
        client = Client(address, timeout=SCHEDULER_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError):
        raise Failure(msg("cli.cluster-unreachable", address=address)) from None
    try:
        pool = client.get_executor(pure=False)
        try:
            found = pool.submit(_version).result(WORKER_SECONDS)
        except TimeoutError:
            raise Failure(msg("cli.cluster-idle", address=address)) from None
        except ImportError:
            found = ""
        if found != __version__:
            raise Failure(msg("cli.cluster-other", address=address, version=__version__))
        yield pool
    finally:
        client.close(timeout=SCHEDULER_SECONDS)


def _version() -> str:
    return __version__
