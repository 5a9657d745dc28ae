"""A class on a JupyterHub: how long its students wait, and what each costs in memory.

A real JupyterHub with configurable-http-proxy is started on this machine (Linux). Every student
arrives within `--within` seconds and does what a browser does: starts the server (REST), opens
the lesson in JupyterLab with the files the page names, starts a kernel and runs every cell in
order over a websocket. No browser draws anything; nobody pauses to read. Prints Markdown.

The hub is no part of this project. Install it with the course in an environment of its own,
in the folder of this checkout, and the proxy (Node.js) in a folder of its own::

    python -m venv HUB
    HUB/bin/pip install --require-hashes -r requirements.lock
    HUB/bin/pip install --no-deps --no-build-isolation .
    HUB/bin/pip install jupyterhub
    npm install --prefix PROXY configurable-http-proxy
    .venv/bin/python benchmarks/hub_load.py --hub HUB --proxy PROXY --students 10

`SimpleLocalProcessSpawner` gives every student a home folder and nothing that keeps one from
the files of another: it is for tests only.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import requests
import websocket

from helpers.start import start_course

COURSE = "two-tracks-course"
PATIENCE = 300  # seconds after which a student gives up
MARK = "TWO_TRACKS_HUB_LOAD"  # every process of a run carries it, so that none is left behind
SETTINGS = """
import os
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{public}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.Spawner.cmd = [{server!r}]
c.Spawner.args = ["--allow-root"] if os.getuid() == 0 else []
c.Spawner.environment = {{{mark!r}: {token!r}}}
c.Spawner.start_timeout = c.Spawner.http_timeout = {patience}
c.JupyterHub.services = [{{"name": "load", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [{{
    "name": "load",
    "services": ["load"],
    "scopes": ["admin:users", "admin:servers", "access:servers"],
}}]
c.JupyterHub.log_level = "WARN"
"""


@dataclass
class Student:
    """What one student met: seconds since the click on the link, and errors as sentences."""

    name: str
    times: dict[str, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


class Hub:
    """A running hub, seen by the service that speaks for the students."""

    def __init__(self, port: int, token: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.token = token
        self.headers = {"Authorization": f"token {token}"}

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        """One request; raises for what is no success."""
        answer = requests.request(
            method, self.url + path, headers=self.headers, timeout=PATIENCE, **more
        )
        answer.raise_for_status()
        return answer

    def wait_until_up(self, seconds: float) -> None:
        """Back when the hub answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(requests.RequestException):
                self.ask("GET", "/hub/api/")
                return
            time.sleep(0.2)
        raise SystemExit("The hub did not come up; its last words are above.")


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@contextmanager
def running_hub(options: argparse.Namespace, home: Path) -> Iterator[Hub]:
    """A hub with its proxy; afterwards no process of it is left."""
    public, hub_port, api = free_ports(3)
    token, programs = secrets.token_hex(16), options.hub.resolve() / "bin"
    (home / "config.py").write_text(
        SETTINGS.format(
            public=public,
            hub=hub_port,
            api=api,
            mark=MARK,
            token=token,
            proxy=str(options.proxy.resolve() / "node_modules/.bin/configurable-http-proxy"),
            homes=str(home / "homes"),
            server=str(programs / "jupyterhub-singleuser"),
            patience=PATIENCE,
        )
    )
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "JUPYTER", "TWO_"))}
    environment = {**kept, "PATH": f"{programs}:{os.environ['PATH']}", MARK: token}
    command = [str(programs / "jupyterhub"), "-f", str(home / "config.py")]
    with (home / "hub.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=home, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    hub = Hub(public, token)
    try:
        hub.wait_until_up(60)
        yield hub
    except BaseException:
        print("\n".join((home / "hub.log").read_text().splitlines()[-20:]))
        raise
    finally:
        process.send_signal(signal.SIGTERM)  # the hub stops its servers and its proxy
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        for left in find_processes(token):
            with suppress(ProcessLookupError):
                os.kill(left, signal.SIGKILL)


def find_processes(token: str, user: str = "") -> list[int]:
    """The processes of this run, or those of one student: server and kernels."""
    marks = [f"{MARK}={token}".encode(), *([f"JUPYTERHUB_USER={user}".encode()] if user else [])]
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if set(marks) <= set(path.read_bytes().split(b"\0")):
                found.append(int(path.parent.name))
    return found


def measure_memory(processes: Iterable[int]) -> dict[str, float]:
    """Proportional set size in MB, of servers and of kernels (memory that is shared is divided)."""
    sizes = {"server": 0.0, "kernel": 0.0}
    for process in processes:
        folder = Path("/proc", str(process))
        with suppress(OSError):
            is_kernel = b"ipykernel_launcher" in (folder / "cmdline").read_bytes()
            told = (folder / "smaps_rollup").read_text()
            (size,) = re.findall(r"^Pss:\s+(\d+) kB", told, re.MULTILINE)
            sizes["kernel" if is_kernel else "server"] += int(size) * 1024 / 1e6
    return sizes


def attend(hub: Hub, student: Student, lesson: str, delay: float) -> None:
    """One student, from the click to the last cell; what fails is noted."""
    time.sleep(delay)
    start = time.monotonic()
    try:
        spawn(hub, student.name)
        student.times["server is up"] = time.monotonic() - start
        cells = open_lesson(hub, student.name, lesson)
        student.times["lesson is open"] = time.monotonic() - start
        student.errors += run_lesson(hub, student.name, lesson, cells)
        student.times["lesson has run"] = time.monotonic() - start
    except (requests.RequestException, websocket.WebSocketException, OSError, ValueError) as error:
        student.errors.append(f"{student.name}: {type(error).__name__}: {error}")


def spawn(hub: Hub, name: str) -> None:
    """Start a student's server and wait for it as the hub's own page does: by its progress."""
    if hub.ask("POST", f"/hub/api/users/{name}/server").status_code == 201:
        return
    with hub.ask("GET", f"/hub/api/users/{name}/server/progress", stream=True) as events:
        for line in events.iter_lines():
            event = json.loads(line[5:]) if line.startswith(b"data:") else {}
            if event.get("failed"):
                raise ValueError(event.get("message"))
            if event.get("ready"):
                return
    raise ValueError("the server never said that it was ready")


def open_lesson(hub: Hub, name: str, lesson: str) -> list[str]:
    """JupyterLab's page, the scripts it names, its settings, the lesson; returns the code cells."""
    home = f"/user/{name}"
    page = hub.ask("GET", f"{home}/lab/tree/{lesson}").text
    for script in re.findall(r'<script[^>]+src="([^"]+)"', page):
        hub.ask("GET", script)
    for path in ("lab/api/settings", "lab/api/translations", "api/kernelspecs"):
        hub.ask("GET", f"{home}/{path}")
    cells = hub.ask("GET", f"{home}/api/contents/{lesson}").json()["content"]["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def run_lesson(hub: Hub, name: str, lesson: str, cells: list[str]) -> list[str]:
    """Start a kernel for the lesson and run its cells in order; returns the errors of cells."""
    body = {"path": lesson, "name": lesson, "type": "notebook", "kernel": {"name": "python3"}}
    kernel = hub.ask("POST", f"/user/{name}/api/sessions", json=body).json()["kernel"]["id"]
    session = uuid.uuid4().hex
    address = f"{hub.url.replace('http', 'ws')}/user/{name}/api/kernels/{kernel}/channels"
    channel = websocket.create_connection(
        f"{address}?session_id={session}", header=hub.headers, timeout=PATIENCE
    )
    try:
        return [
            f"{name}: cell {n}: {error}"
            for n, code in enumerate(cells, 1)
            for error in run_cell(channel, session, code)
        ]
    finally:
        channel.close()


def run_cell(channel: websocket.WebSocket, session: str, code: str) -> list[str]:
    """Run one cell until it has answered and the kernel is idle; returns its error if any."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "version": "5.3"}
    header |= {"session": session, "username": "student", "date": ""}
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
    request = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    channel.send(json.dumps({**request, "channel": "shell", "buffers": []}))
    errors, waiting = [], {"reply", "idle"}
    while waiting:
        message = channel.recv()
        if isinstance(message, bytes):  # a widget's buffers; none of ours to answer
            continue
        told = json.loads(message)
        if told.get("parent_header", {}).get("msg_id") != header["msg_id"]:
            continue
        if told["msg_type"] == "execute_reply":
            waiting.discard("reply")
            if told["content"]["status"] != "ok":
                errors = [f"{told['content'].get('ename')}: {told['content'].get('evalue')}"]
        elif told["content"].get("execution_state") == "idle":
            waiting.discard("idle")
    return errors


def hold_class(hub: Hub, options: argparse.Namespace, home: Path) -> None:
    """The whole class at once; prints what it met."""
    names = [f"student-{n:02}" for n in range(1, options.students + 1)]
    for name in names:
        start_course(home / "homes" / name / COURSE)
    hub.ask("POST", "/hub/api/users", json={"usernames": names})
    lesson = f"{COURSE}/notebooks/{options.lesson}"
    students = [Student(name) for name in names]
    delays = [options.within * n / len(names) for n in range(len(names))]
    before, start = free_memory(), time.monotonic()
    with ThreadPoolExecutor(len(names)) as pool:
        for student, delay in zip(students, delays, strict=True):
            pool.submit(attend, hub, student, lesson, delay)
    print_class(students, time.monotonic() - start)
    sizes = [measure_memory(find_processes(hub.token, name)) for name in names]
    print_memory(hub, sizes, before - free_memory())
    for student in students:
        for error in student.errors:
            print(f"- {error}")


def free_memory() -> float:
    """Memory this machine has left, in MB."""
    (size,) = re.findall(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text())
    return int(size) * 1024 / 1e6


def print_class(students: list[Student], seconds: float) -> None:
    """Times of the class, and how many came through."""
    through = [s for s in students if "lesson has run" in s.times and not s.errors]
    print(f"{len(through)} of {len(students)} students ran the lesson without an error; ", end="")
    print(f"first click to last cell {seconds:.0f} s.\n")
    print("| seconds after a student's click | first | median | slowest |\n|---|---|---|---|")
    for step in ("server is up", "lesson is open", "lesson has run"):
        if times := [student.times[step] for student in students if step in student.times]:
            print(f"| {step} | {min(times):.1f} | {median(times):.1f} | {max(times):.1f} |")


def print_memory(hub: Hub, sizes: list[dict[str, float]], gone: float) -> None:
    """Memory while all kernels live: of a student, and of what the hub needs itself."""
    print("\n| MB of memory (PSS) | median | largest |\n|---|---|---|")
    for kind in ("server", "kernel"):
        each = [size[kind] for size in sizes]
        print(f"| {kind} of a student | {median(each):.0f} | {max(each):.0f} |")
    both = [sum(size.values()) for size in sizes]
    print(f"| student in all | {median(both):.0f} | {max(both):.0f} |")
    whole = sum(measure_memory(find_processes(hub.token)).values())
    print(f"| hub and proxy | {whole - sum(both):.0f} | |")
    print(f"\nThe machine had {gone:.0f} MB less than before, {gone / len(sizes):.0f} a student.")


def main() -> None:
    """Start the hub, hold the class, stop the hub."""
    parser = argparse.ArgumentParser(description="A class on a JupyterHub. Prints Markdown.")
    parser.add_argument("--hub", type=Path, required=True, help="environment with hub and course")
    parser.add_argument("--proxy", type=Path, required=True, help="folder with node_modules")
    parser.add_argument("--students", type=int, default=5, help="how many")
    parser.add_argument("--within", type=float, default=60, help="seconds in which they arrive")
    parser.add_argument("--lesson", default="03-preemption.ipynb", help="which lesson they run")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave by the way that cleans up
    print(f"## {options.students} students within {options.within:.0f} s, {options.lesson}\n")
    print(f"{os.cpu_count()} cores, {free_memory() / 1000:.0f} GB of memory free, ", end="")
    print(f"load before: {os.getloadavg()[0]:.1f}.", flush=True)
    with tempfile.TemporaryDirectory() as folder, running_hub(options, Path(folder)) as hub:
        hold_class(hub, options, Path(folder))
    left = len(find_processes(hub.token))
    print(f"Afterwards {left} processes of the hub were left.")


if __name__ == "__main__":
    main()
