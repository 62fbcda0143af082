"""Programs that come as packages: where they are."""

from functools import cache

from qjaudio.errors import MissingPartError


def not_startable(error: OSError) -> MissingPartError:
    """What to raise where the system cannot start ffmpeg: not ours to run, or another machine's."""
    return MissingPartError(
        f"ffmpeg cannot be started: {error.strerror or error}",
        hint="set IMAGEIO_FFMPEG_EXE to an ffmpeg that runs here and can write MP3",
    )


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
