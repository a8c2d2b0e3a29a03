"""What workers do in the tests of `tutor.course.worker_pool`: functions that another process can import."""

import os
import signal
import time
from multiprocessing import parent_process
from pathlib import Path

from tutor.course.describe import Description, describe_lesson


def square(number: int) -> int:
    return number * number


def noisy_square(number: int) -> int:
    print("in the way")
    return square(number)


def fails_at_7(number: int) -> int:
    return square(number) if number != 7 else 1 // 0


def dies_at_7(number: int) -> int:
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return square(number)


def dies(number: int) -> int:
    os._exit(1)


def says_who_and_sleeps(path: Path) -> None:
    path.write_text(str(os.getpid()), "utf-8")
    time.sleep(60)


def toils_at_7(number: int) -> int:
    """Without an end, deaf to what Python would hear."""
    while number == 7:
        sum(range(10_000_000))
    return square(number)


def waits_at_5(path: Path) -> None:
    """Until the file is there."""
    end = time.monotonic() + 60
    while path.name == "5" and not path.exists() and time.monotonic() < end:
        time.sleep(0.02)


def fills_the_memory_at_7(number: int) -> int:
    return square(number) if number != 7 else len(bytearray(3 << 30))


def dies_at_deadly(path: Path) -> Description:
    """As a lesson that takes too much time or memory: after a while whoever reads it is no more."""
    described = describe_lesson(path)
    if path.stem == "deadly":
        assert parent_process() is not None, "the tests' own process"
        time.sleep(1.5)
        os.kill(os.getpid(), signal.SIGKILL)
    return described
