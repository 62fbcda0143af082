"""Pages run nothing from elsewhere."""

import pytest

from web.served import Site

POLICY = "content-security-policy"


def test_a_page_is_told_what_it_may_load(site: Site) -> None:
    """Nothing from other hosts and no script in the page itself; compressed or not."""
    (site.root / "own.html").write_text("<!doctype html>" + 200 * "桥", encoding="utf-8")
    for coding in ("gzip", "identity"):
        policy = site.ask("/own.html", Accept_Encoding=coding).headers[POLICY]
        assert policy.startswith("default-src 'self';")
        assert "script-src" not in policy
        assert "frame-ancestors 'self'" in policy


@pytest.mark.parametrize("path", ["/feed.xml", "/2025-05-20.mp3", "/absent"])
def test_what_is_no_page_needs_no_policy(site: Site, path: str) -> None:
    """Feed, sound and refusals run nothing; nosniff holds for all."""
    headers = site.ask(path).headers
    assert POLICY not in headers
    assert headers["x-content-type-options"] == "nosniff"


def test_a_page_with_its_own_policy_keeps_it_alone(site: Site) -> None:
    """Browsers would obey both, and the page knows better."""
    own = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
    (site.root / "own.html").write_text(f"<!doctype html>{own}", encoding="utf-8")
    assert POLICY not in site.ask("/own.html").headers


def test_a_drawing_cannot_run_scripts(site: Site) -> None:
    """SVG opened as a page is shut in."""
    (site.root / "a.svg").write_text("<svg><script>1</script></svg>", encoding="utf-8")
    assert "default-src 'none'" in site.ask("/a.svg").headers[POLICY]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("player.js", "text/javascript; charset=utf-8"),
        ("worker.js", "text/javascript; charset=utf-8"),
        ("player.css", "text/css; charset=utf-8"),
        ("manifest.webmanifest", "application/manifest+json"),
    ],
)
def test_the_player_is_asked_about_each_time(site: Site, name: str, media_type: str) -> None:
    """A service worker or page of yesterday never hides today's episode."""
    (site.root / name).write_text("x", encoding="utf-8")
    headers = site.ask(f"/{name}").headers
    assert (media_type, "no-cache") == (headers["content-type"], headers["cache-control"])
