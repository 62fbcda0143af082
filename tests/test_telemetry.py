"""No library tells its makers about the computer that it runs on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qjaudio.engines.kokoro import cache_folder

if not sys.platform.startswith("linux"):
    pytest.skip("watches /proc", allow_module_level=True)

WATCH = """
import os, socket, threading, time

socket.has_ipv6 = False  # else urllib3, when imported, asks by a socket that reaches nobody
seen, over = set(), threading.Event()

def watch():
    while not over.wait(0.001):
        for number in os.listdir("/proc/self/fd"):
            try:
                opened = os.readlink(f"/proc/self/fd/{number}")
            except OSError:
                continue
            if opened.startswith("socket:"):
                seen.add(opened)

watcher = threading.Thread(target=watch)
watcher.start()
"""
END = """
time.sleep(1)
over.set()
watcher.join()
print(len(seen))
"""
SESSION = """
import onnxruntime
from onnx import TensorProto, helper

value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, [1])
graph = helper.make_graph(
    [helper.make_node("Identity", ["in"], ["out"])], "one", [value("in")], [value("out")]
)
model = helper.make_model(graph, ir_version=9, opset_imports=[helper.make_opsetid("", 20)])
onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
"""
ENTRIES = {
    "a session": "import qjaudio" + SESSION,
    "the offline voice": """
from qjaudio.engines.kokoro import KokoroEngine
from qjaudio.speech.model import Utterance, Word
KokoroEngine().speak(Utterance(text="好", words=(Word("好", ("hao3",)),)))
""",
    "the recogniser": """
from qjaudio.engines.listened import Whisper
from qjaudio.speech.model import silence
Whisper().hear(silence(500))
""",
    "a scan": """
import qjaudio.sources.scan
from rapidocr import RapidOCR
RapidOCR()
""",
}


def left_behind(folder: Path, program: str) -> tuple[list[str], int]:
    """The files of others that a program leaves in a fresh home, and how many sockets it opens."""
    home = folder / "home"
    (home / ".cache").mkdir(parents=True)
    cache_folder().mkdir(parents=True, exist_ok=True)
    (home / ".cache" / "qjaudio").symlink_to(cache_folder())  # our models, made once
    kept = ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "PYTHONPATH")
    environ = {name: os.environ[name] for name in kept if name in os.environ}
    run = subprocess.run(
        [sys.executable, "-c", WATCH + program + END],
        env={**environ, "HOME": str(home)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    files = [str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()]
    files = [name for name in files if not name.startswith(".cache/qjaudio/")]
    return files, int(run.stdout.split()[-1])


@pytest.mark.parametrize("entry", ENTRIES)
def test_nothing_is_kept_for_and_sent_to_the_makers_of_libraries(
    tmp_path: Path, entry: str
) -> None:
    """No device id in the home, no socket, whichever way a library of ours is loaded."""
    for name in {"the recogniser": ["faster_whisper"], "a scan": ["rapidocr"]}.get(entry, []):
        pytest.importorskip(name)
    assert ([], 0) == left_behind(tmp_path, ENTRIES[entry])


def test_without_us_it_would_be_seen(tmp_path: Path) -> None:
    """The watch sees what onnxruntime does on its own; nothing to see in versions before 1.32."""
    onnxruntime = pytest.importorskip("onnxruntime")
    if tuple(map(int, onnxruntime.__version__.split(".")[:2])) < (1, 32):
        pytest.skip("this version has no telemetry")
    files, _ = left_behind(tmp_path, SESSION)
    assert any("deviceid" in name for name in files)
