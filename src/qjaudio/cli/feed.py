"""`qjaudio feed`."""

import datetime

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.cli.options import Talk


@click.command("feed")
@options.all_of(options.out_option, options.wait_option, options.json_option)
def command(out: str | None, wait: float | None, as_json: bool) -> None:
    """Rebuild the feed from the finished episodes in the output folder.

    Example: qjaudio feed --out /srv/podcast
    """
    from qjaudio.pipeline.publishing import check_is_show, publish_feed  # late, for --help
    from qjaudio.pipeline.review import Review

    config = settings.load({"out": out, "wait": wait})
    folder = config.output
    check_is_show(folder)
    now = datetime.datetime.now(datetime.UTC)
    Review(config=config, now=now, progress=Talk()).publish_due()
    path, count = publish_feed(folder, config, tell=Talk().say)
    if as_json:
        options.print_json({"feed": str(path), "episodes": count})
    else:
        options.answer(f"{path}  {count} episodes")
