"""A target that breaks when it is told to."""

from pathlib import Path
from typing import Any

from qjaudio.targets.folder import FolderTarget
from qjaudio.targets.model import Stored, TargetUnreachableError, Upload


class KilledError(BaseException):
    """The process ends here: nothing of ours may catch it."""


class Breaking:
    """A folder; step number `at` fails with `error`, a file half written. Later ones work."""

    def __init__(
        self,
        root: Path,
        *,
        at: int = -1,
        error: type[BaseException] = KilledError,
        puts_whole: bool = False,
        times: int = 1,
    ) -> None:
        self._folder = FolderTarget(root)
        self._root, self._at, self._error, self._times = root, at, error, times
        self.puts_whole = puts_whole
        self.steps = 0
        self.puts: list[str] = []
        self.moves: list[str] = []

    def _step(self) -> bool:
        """Whether this step breaks."""
        self.steps += 1
        return self._at <= self.steps - 1 < self._at + self._times

    def _fail(self) -> Any:
        raise self._error("the line was cut")

    def listing(self, folder: str) -> dict[str, Stored]:
        return self._fail() if self._step() else self._folder.listing(folder)  # type: ignore[no-any-return]

    def stat(self, name: str) -> Stored | None:
        return self._fail() if self._step() else self._folder.stat(name)  # type: ignore[no-any-return]

    def read(self, name: str) -> bytes:
        return self._fail() if self._step() else self._folder.read(name)  # type: ignore[no-any-return]

    def put(self, upload: Upload, name: str) -> None:
        self.puts.append(name)
        if self._step():
            if not self.puts_whole:
                # As long as the whole file, but not its bytes: blocks come in any order.
                (self._root / name).parent.mkdir(parents=True, exist_ok=True)
                (self._root / name).write_bytes(bytes(upload.size))
            self._fail()
        self._folder.put(upload, name)

    def move(self, old: str, new: str) -> None:
        self.moves.append(new)
        if self._step():
            self._fail()
        self._folder.move(old, new)

    def remove(self, name: str) -> None:
        if self._step():
            self._fail()
        self._folder.remove(name)

    def close(self) -> None:
        pass


class LostAnswer(Breaking):
    """The step is done, but the line breaks before the answer comes."""

    def move(self, old: str, new: str) -> None:
        self.moves.append(new)
        self._folder.move(old, new)
        if self._step():
            raise TargetUnreachableError("the line was cut")
