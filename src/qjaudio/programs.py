"""Programs that come as packages: where they are."""

from functools import cache

from qjaudio.errors import MissingPartError


@cache
def ffmpeg() -> str:
    """The path of the ffmpeg that imageio-ffmpeg brings, or of `IMAGEIO_FFMPEG_EXE`.

    Raises:
        MissingPartError: there is none.
    """
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise MissingPartError(
            "ffmpeg is missing: the package imageio-ffmpeg holds none for this system",
            hint="install ffmpeg and set IMAGEIO_FFMPEG_EXE to its path",
        ) from error
