"""What workers do in the tests of `tutor.lesson.crew`: functions that another process can import."""

import os
import signal
import time


def square(number: int) -> int:
    return number * number


def fails_at_7(number: int) -> int:
    return square(number) if number != 7 else 1 // 0


def dies_at_7(number: int) -> int:
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return square(number)


def dies(number: int) -> int:
    os._exit(1)


def sleeps(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()
