"""The tables of docs/explanation/scale.md, from the JSON file of the measures."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scale_planning import CORES_A_DATE, LOST_EACH, Costs, Plan, Traffic, Wish, core_seconds, plan

CORES = (1, 8, 64, 512)
DAYS = 3652
PAPERS = 90
WISHES = (
    ("1 × 1 day", Wish(papers=1, days=1)),
    ("1 × 10 years", Wish(papers=1, days=DAYS)),
    ("90 × 1 day", Wish(papers=PAPERS, days=1)),
    ("90 × 10 years", Wish(papers=PAPERS, days=DAYS)),
)
LISTENERS = (10_000, 1_000_000)
POLLS = 24
"""Each app asks each hour; the shortest interval that apps offer."""
FETCHED = (".mp3", ".jpg", ".vtt", ".chapters.json")
"""What an app fetches of an episode; the transcript in one form."""
ISSUE_HOURS, ISSUE_AUDIO = 200, 2
"""The issue's guess: core-hours for ten years of a daily, hours of audio from a core-hour."""


def render(told: Mapping[str, Any]) -> str:
    """All tables in Markdown, each under its heading."""
    parts = {
        "What a date costs": (_machine(told), _stages(told), _two_cores(told)),
        "Papers, days and cores": (_plans(told), _limits(told)),
        "Feeds": (_feeds(told),),
        "Listeners": (_traffic(told), _answers(told)),
        "Against the first guess": (_guess(told),),
    }
    return "\n".join(f"### {head}\n\n" + "\n\n".join(body) + "\n" for head, body in parts.items())


def costs_of(told: Mapping[str, Any]) -> Costs:
    """The measures as the plan needs them."""
    one, many = told["feed_1"], told[f"feed_{DAYS}"]
    known = (many["one_more_core_s"] - one["one_more_core_s"]) / DAYS
    new = (many["whole_core_s"] - many["one_more_core_s"]) / DAYS
    return Costs(
        date_s=date_core_s(told),
        speedup=speedup(told),
        take_s=told["bundle"]["take_s"],
        feed_s=one["one_more_core_s"],
        new_s=new,
        known_s=known,
    )


def date_core_s(told: Mapping[str, Any]) -> float:
    """Core-seconds of the measured date with the offline voice."""
    return float(sum(one["core_s"] for one in told["dates"]["kokoro"]["stages"].values()))


def speedup(told: Mapping[str, Any]) -> float:
    """How many times as fast two idle cores make a date as one does.

    From core-seconds, which other work on the machine does not change: one core takes as long as
    it is used, two share synthesis out between them and do all else on one.
    """
    one = statistics.median(pair["one_core_each"]["core_s"] for pair in told["pairs"])
    both = [pair["two_cores"] for pair in told["pairs"]]
    two = statistics.median(run["core_s"] - run["synthesis_core_s"] / 2 for run in both)
    return float(one / two)


def traffic_of(told: Mapping[str, Any]) -> Traffic:
    """The bytes that listeners fetch."""
    sizes = told["dates"]["kokoro"]["bytes"]
    served = told[f"answers_{DAYS}"]
    return Traffic(
        episode=sum(sizes[end] for end in FETCHED),
        feed=served["feed_gzip_bytes"],
        unchanged=served["unchanged_bytes"],
        plain_feed=served["feed_bytes"],
    )


def duration(seconds: float) -> str:
    """Seconds for people, with two digits that count or three."""
    for size, unit in ((172_800, "d"), (5_400, "h"), (90, "min")):
        if seconds >= size:
            return f"{_short(seconds / {'d': 86_400, 'h': 3_600, 'min': 60}[unit])} {unit}"
    return f"{_short(seconds)} s"


def size(count: float) -> str:
    """Bytes in decimal units."""
    for power, unit in ((15, "PB"), (12, "TB"), (9, "GB"), (6, "MB"), (3, "kB")):
        if count >= 10**power:
            return f"{_short(count / 10**power)} {unit}"
    return f"{count:.0f} B"


def _short(number: float) -> str:
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}" if number >= 1 else f"{number:.2f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _machine(told: Mapping[str, Any]) -> str:
    machine, date = told["machine"], told["dates"]["kokoro"]
    busy = machine["cores_busy_with_other_work"]
    return (
        f"Measured on {machine['day']} with qjaudio {machine['qjaudio']}: {machine['processor']}, "
        f"{machine['cores']} cores, {machine['system']}, Python {machine['python']}; "
        f"other work kept {busy} cores busy meanwhile.\n"
        f"The date: {date['pages']} pages, {date['articles']} articles, {date['characters']:,} "
        f"characters spoken, {date['duration_s'] / 60:.1f} minutes; peak of memory "
        f"{date['peak_mib']} MiB."
    )


def _stages(told: Mapping[str, Any]) -> str:
    voices = told["dates"]
    minutes = voices["kokoro"]["duration_s"] / 60
    total = date_core_s(told)
    names = ("reading", "composing", "pronouncing", "synthesis", "mixing", "files")
    words = {"mixing": "mixing and encoding", "files": "tags, transcripts, records"}
    rows = []
    for name in names:
        core = voices["kokoro"]["stages"][name]["core_s"]
        silent = voices["silent"]["stages"][name]["core_s"]
        rows.append(
            [words.get(name, name), f"{core:.2f}", f"{core / minutes:.3f}",
             f"{100 * core / total:.1f} %", f"{silent:.2f}"]
        )  # fmt: skip
    rows.append(["**a date**", f"**{total:.1f}**", f"**{total / minutes:.2f}**", "", ""])
    feed = told[f"feed_{DAYS}"]["one_more_core_s"]
    rows.append([f"feed and pages, the {DAYS + 1:,}th episode", f"{feed:.2f}", "", "", ""])
    start = [f"{voices[voice]['start_core_s']:.1f}" for voice in ("kokoro", "silent")]
    rows.append(["start of program and voice, once", start[0], "", "", start[1]])
    pages = told["core_s_a_page"]
    rows += [
        [f"reading a page of {kind}", f"{pages[key]:.2f}", "", "", ""]
        for key, kind in (("text", "OCR text"), ("pdf", "PDF"), ("scan", "a scan, with its OCR"))
    ]
    head = ("stage", "core-seconds", "for each minute", "share", "silent voice")
    return _table(head, rows)


def _two_cores(told: Mapping[str, Any]) -> str:
    def median(side: str, name: str) -> str:
        return f"{statistics.median(pair[side][name] for pair in told['pairs']):.1f}"

    walls = ", ".join(
        f"{pair['one_core_each']['wall_s']:.1f} : {pair['two_cores']['wall_s']:.1f} s"
        for pair in told["pairs"]
    )
    return (
        f"A short date on two cores takes {median('two_cores', 'core_s')} core-seconds, "
        f"{median('two_cores', 'synthesis_core_s')} of them for synthesis, which uses both cores; "
        f"on one core, beside another date on the other, {median('one_core_each', 'core_s')}. So "
        f"two idle cores are **{speedup(told):.2f} ×** as fast as one. (Wall seconds one : two, "
        f"with the other work: {walls}.)"
    )


def _plans(told: Mapping[str, Any]) -> str:
    costs, kept = costs_of(told), kept_bytes(told)
    hours = told["dates"]["kokoro"]["duration_s"] / 3600
    rows = []
    for name, wish in WISHES:
        plans = [plan(wish, costs, cores) for cores in CORES]
        rows.append(
            [
                name, f"{wish.dates:,}", f"{_short(wish.dates * hours)} h",
                f"{_short(core_seconds(wish, costs) / 3600)}",
                *(duration(one.wall_s) for one in plans),
                size(wish.dates * kept + wish.papers * told["feed_1"]["show_bytes"]),
                _bottlenecks(plans),
            ]
        )  # fmt: skip
    head = ("papers × days", "episodes", "audio", "core-hours",
            *(f"{cores} core{'s' if cores > 1 else ''}" for cores in CORES),
            "storage", "first bottleneck")  # fmt: skip
    return _table(head, rows)


def _limits(told: Mapping[str, Any]) -> str:
    costs, date = costs_of(told), told["dates"]["kokoro"]
    scans = told["core_s_a_page"]["scan"] * date["pages"]
    workers = CORES[-1] // CORES_A_DATE
    rate = workers * costs.speedup / costs.date_s
    full = CORES_A_DATE * costs.date_s / costs.speedup / costs.take_s
    return (
        f"With {CORES[-1]} cores the caller takes {rate:.1f} dates a second, "
        f"{size(rate * told['bundle']['bytes'])}/s, each in {costs.take_s * 1000:.0f} ms on a "
        f"local disk; it could take those of {full:,.0f} cores. {workers} workers have "
        f"{workers * date['peak_mib'] / 1024:.0f} GiB of memory between them. Where the pages are "
        f"scans, add {scans:.0f} core-seconds a date: {100 * scans / costs.date_s:.0f} %."
    )


def _bottlenecks(plans: Sequence[Plan]) -> str:
    """What bounds the wall time, and from how many cores on."""
    told: list[str] = []
    former = ""
    for cores, one in zip(CORES, plans, strict=True):
        if one.bottleneck != former:
            former = one.bottleneck
            told.append(former if not told else f"from {cores} cores {former}")
    return "; ".join(told)


def kept_bytes(told: Mapping[str, Any]) -> float:
    """Bytes on the caller's disk for each date: published files, page and stage files."""
    return float(
        sum(told["dates"]["kokoro"]["bytes"].values()) + told[f"feed_{DAYS}"]["page_bytes"]
    )


def _feeds(told: Mapping[str, Any]) -> str:
    rows = []
    for days, name in ((1, "2 days"), (DAYS, "10 years and a day")):
        feed, served = told[f"feed_{days}"], told[f"answers_{days}"]
        whole = feed["feed_bytes"] + feed["archive_bytes"]
        rows.append(
            [
                name, size(feed["feed_bytes"]), size(served["feed_gzip_bytes"]),
                f"{feed['archives']}", size(feed["archive_bytes"]), size(PAPERS * whole),
                f"{feed['whole_core_s']:.1f} s", f"{feed['one_more_core_s']:.1f} s",
                f"{feed['peak_mib']} MiB",
            ]
        )  # fmt: skip
    head = ("a paper of", "feed.xml", "in gzip", "archives", "together", f"all of {PAPERS} papers",
            "first build", "one more", "memory")  # fmt: skip
    return _table(head, rows)


def _traffic(told: Mapping[str, Any]) -> str:
    traffic, served = traffic_of(told), told[f"answers_{DAYS}"]
    rows = []
    for listeners in LISTENERS:
        audio, polls = traffic.audio(listeners), traffic.polls(listeners, POLLS)
        rude = traffic.polls(listeners, POLLS, polite=False)
        rate = listeners * POLLS / 86_400
        rows.append(
            [
                f"{listeners:,}", size(audio), size(polls), size(rude), size(audio + polls),
                size((audio + polls) * DAYS), f"{_short(audio * 8 / 3600 / 1e9)} Gbit/s",
                f"{_short(rate)}/s", f"{rate * served['unchanged_core_ms'] / 1000:.2f} cores",
            ]
        )  # fmt: skip
    head = ("listeners", "audio a day", "polls a day", "polls of rude apps", "a day", "10 years",
            "peak: all in one hour", "polls", "polls without a CDN")  # fmt: skip
    return _table(head, rows)


def _answers(told: Mapping[str, Any]) -> str:
    traffic, served = traffic_of(told), told[f"answers_{DAYS}"]
    most = 1e9 / 8 * 3600 / traffic.episode
    return (
        f"An episode with picture, transcript and chapters: {size(traffic.episode)}; a line of "
        f"1 Gbit/s is full when {most:,.0f} listeners fetch one within an hour. "
        f"Answers of `qjaudio serve`, headers included: feed {size(traffic.plain_feed)}, in gzip "
        f"{size(traffic.feed)}, unchanged (304) {traffic.unchanged:.0f} B and "
        f"{served['unchanged_core_ms']:.2f} core-milliseconds. `Cache-Control` of the feed: "
        f"`{served['feed_cache']}`, of the audio: `{served['audio_cache']}`."
    )


def _guess(told: Mapping[str, Any]) -> str:
    date = told["dates"]["kokoro"]
    ours = date["duration_s"] / date_core_s(told)
    guessed = ISSUE_HOURS * ISSUE_AUDIO / DAYS
    rows = [
        ["the issue", f"{ISSUE_AUDIO:.1f} h", f"{guessed * 60:.1f} minutes",
         f"{ISSUE_HOURS:,}", f"{ISSUE_HOURS * PAPERS:,}"],
        _row("measured, episodes as long as the issue's", ours, guessed * 3600),
        _row("measured, the whole paper", ours, date["duration_s"]),
    ]  # fmt: skip
    head = ("", "audio from a core-hour", "an episode", "10 years of a daily", f"{PAPERS} papers")
    return _table(head, rows) + f"\n\nDates lost and made again, one in {LOST_EACH}, are not in it."


def _row(name: str, speed: float, seconds: float) -> list[str]:
    hours = seconds * DAYS / speed / 3600
    return [name, f"{speed:.1f} h", f"{seconds / 60:.1f} minutes", f"{hours:,.0f}",
            f"{hours * PAPERS:,.0f}"]  # fmt: skip
