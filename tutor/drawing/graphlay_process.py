"""A process of its own in which graphlay places boxes: where it hangs or crashes, that process ends and no drill.

It holds the interpreter while it works, so that no thread could stop it. Run as a script with the path of modules on
its first line, then one graph a line; each is answered by a line.
"""

import atexit
import faulthandler
import json
import subprocess
import sys
from threading import Lock
from typing import Any

DEADLINE = 5.0  # seconds; what `is_too_large` lets pass takes about one


class NoPictureError(Exception):
    """graphlay is not installed, has failed or takes too long; `reason` says which, as a name of Python's."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Placer:
    """The process, started when first asked. Once it has failed it is asked no more."""

    def __init__(self, deadline: float = DEADLINE) -> None:
        self._deadline = deadline
        self._process: subprocess.Popen[str] | None = None
        self._failed: str | None = None
        self._lock = Lock()

    def place(self, graph: dict[str, Any]) -> dict[str, Any]:
        """What graphlay makes of nodes and edges; raises NoPictureError."""
        with self._lock:
            if self._failed is None:
                try:
                    answer = self._ask(json.dumps(graph))
                except (OSError, ValueError) as error:  # it has gone, or something printed among the answers
                    answer = {"error": type(error).__name__}
                if "error" not in answer:
                    return answer
                self.give_up(str(answer["error"]))
            raise NoPictureError(str(self._failed))

    def give_up(self, reason: str) -> None:
        """Ask no more."""
        self._failed = reason
        self.stop()

    def stop(self) -> None:
        """Ends the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _ask(self, line: str) -> dict[str, Any]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-S", __file__, str(self._deadline)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # Ctrl+C is meant for the drill
            )
            atexit.register(self.stop)
            line = f"{json.dumps(sys.path)}\n{line}"
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        found: dict[str, Any] = json.loads(answer) if answer.endswith("\n") else {"error": "TimeoutError"}
        return found


PLACER = Placer()


def serve(deadline: float) -> None:
    """Answers until nobody asks any more; ends itself at a graph that takes too long."""
    sys.path[:] = json.loads(sys.stdin.readline())
    try:
        faulthandler.dump_traceback_later(deadline, exit=True)  # to import it may hang too
        import graphlay

        for line in sys.stdin:
            faulthandler.dump_traceback_later(deadline, exit=True)
            asked = json.loads(line)
            graph = graphlay.Graph()
            for id, width, height in asked["nodes"]:
                graph.node(id, width=width, height=height)
            for source, target in asked["edges"]:
                graph.edge(source, target)
            placed = graphlay.layout(graph, options=asked["options"])
            print(json.dumps({"nodes": list(placed.nodes), "edges": list(placed.edges)}), flush=True)
            faulthandler.cancel_dump_traceback_later()
    except BaseException as error:  # a panic of native code is no Exception
        print(json.dumps({"error": type(error).__name__}), flush=True)


if __name__ == "__main__":
    serve(float(sys.argv[1]))
