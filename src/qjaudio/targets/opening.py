"""From an address to the target that answers there."""

from pathlib import Path

from qjaudio.targets.address import Place
from qjaudio.targets.folder import FolderTarget
from qjaudio.targets.model import Target


def open_target(place: Place) -> Target:
    """The target of a place; libraries for the network are loaded for those that need them.

    Raises:
        MissingPartError: the extra for this kind of target is not installed.
    """
    if place.kind == "sftp":
        from qjaudio.targets.sftp import SftpTarget

        return SftpTarget(place)
    if place.kind == "s3":
        from qjaudio.targets.s3 import S3Target

        return S3Target(place)
    return FolderTarget(Path(place.path))
