"""`qjaudio read`."""

import datetime

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.language import translated
from qjaudio.paper.model import Issue, doubt_lines, issue_json
from qjaudio.pipeline import reading


@click.command("read")
@click.argument("location", metavar="DATE|PATH|URL")
@click.option("--html", "as_html", is_flag=True, help="Write a page that shows what went where.")
@options.all_of(options.out_option, options.verbose_option, options.json_option)
def command(location: str, as_html: bool, out: str | None, as_json: bool) -> None:
    """Show the issue as it was read: its articles in order, and what was left out.

    Example: qjaudio read pages/page1.md --json
    """
    config = settings.load({"out": out})
    now = datetime.datetime.now(datetime.UTC)
    day = reading.parse_date(location, now) if reading.looks_like_date(location) else None
    place = reading.location_of(day, config) if day else location
    reading.check_links(place, config)
    pages = reading.read_pages(place, day, config=config)
    issue = reading.understand(pages, config, day)
    if day:
        issue = reading.corrected(issue, day, config)
    if as_html:
        from qjaudio import store
        from qjaudio.web.reading_view import reading_page

        folder = config.output
        view = folder.stage(issue.masthead.date or "undated", "issue.html")
        pictures = reading.pictures_at(place, pages, cache=folder.cache / "web", config=config)
        store.write_text(view, reading_page(pages, issue, pictures))
        click.echo(view)
    elif as_json:
        options.print_json(issue_json(issue))
    else:
        options.answer(outline(issue))


def outline(issue: Issue) -> str:
    """The issue for a human: a line for each article, then what was left out and repaired."""
    from qjaudio.log import one_line  # late, as for all that only a human reads

    head = issue.masthead
    rows = [" ".join(filter(None, (head.paper, head.date, head.weekday, head.lunar_date)))]
    for number, article in enumerate(issue.articles, start=1):
        chars = sum(len(paragraph) for paragraph in article.paragraphs)
        names = "、".join(article.byline) or article.signoff or "-"
        restored = translated("  (headline restored)") if article.headline.restored else ""
        rows.append(f"{number:2}. {article.headline.main}{restored}")
        rows.append(
            f"    page {article.page}, {len(article.paragraphs)} paragraphs, "
            f"{chars} characters, {names}"
        )
    if issue.left_out:
        rows.append("left out:")
        rows += [f"  {translated(left.kind)}: {left.text}" for left in issue.left_out]
    if issue.repairs:
        rows.append("repaired:")
        rows += [
            f"  {fix.before} → {fix.after}  ({translated(fix.evidence)})" for fix in issue.repairs
        ]
    if issue.doubts:
        rows.append(f"to check ({len(issue.doubts)}):")
        rows += [f"  {line}" for line in doubt_lines(issue)]
    return "\n".join(map(one_line, rows))  # what a page says must not steer the terminal
