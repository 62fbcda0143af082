// The player. It finds all it needs in the page, which is whole and readable without it.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const wordsOf = (element) => Object.fromEntries((element?.dataset.words || "").split("|").map((one) => one.split("=")));
  const words = wordsOf(document.body);
  const home = new URL("./", location.href);
  const status = byId("status");
  const say = (text) => { if (status) status.textContent = text; };
  const announce = (text) => { // what need not stay
    say(text);
    setTimeout(() => { if (status.textContent === text) say(""); }, 8000);
  };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // ---- what is remembered; a browser that forbids it only forgets
  const SHELF = `qjaudio:${home.pathname}`;
  const remembered = () => {
    try { return JSON.parse(localStorage.getItem(SHELF)) || {}; } catch { return {}; }
  };
  const remember = (change) => {
    try { localStorage.setItem(SHELF, JSON.stringify({ ...remembered(), ...change })); } catch { /* private mode */ }
  };

  const large = byId("large");
  const setLarge = (on) => {
    document.documentElement.classList.toggle("large", on);
    large.setAttribute("aria-pressed", String(on));
  };
  large.hidden = false;
  const slow = document.querySelector("html.slow"); // the edition that tells every control in words
  setLarge(remembered().large ?? Boolean(slow));
  large.addEventListener("click", () => {
    const on = large.getAttribute("aria-pressed") !== "true";
    setLarge(on);
    remember({ large: on });
  });

  if (slow && status) addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) announce(button.getAttribute("aria-label") || button.textContent);
  }, true);

  // ---- the worker, for hearing without a network; only there on https and on this machine
  // On a first visit what the worker fetches has to wait until the page has its first sound.
  const loaded = new Promise((resolve) => {
    if (document.readyState === "complete") resolve(); else addEventListener("load", resolve);
  });
  const register = async () => {
    if (!navigator.serviceWorker.controller) await loaded;
    await navigator.serviceWorker.register(new URL("sw.js", home), { scope: home.pathname });
    return navigator.serviceWorker.ready;
  };
  const worker = "serviceWorker" in navigator && window.isSecureContext
    ? register().catch(() => null)
    : Promise.resolve(null);
  const ask = async (message) => {
    const registration = await worker;
    if (!registration || !registration.active) return null;
    return new Promise((answer) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = (event) => answer(event.data);
      registration.active.postMessage(message, [channel.port2]);
    });
  };

  const audio = byId("audio");

  // ---- what was heard: how far, and to the end
  const part = (link) => {
    const { heard = {}, ended = {} } = remembered();
    const { date, length } = link.dataset;
    return ended[date] ? 100 : Math.min(99, Math.round(100 * (heard[date] || 0) / length));
  };
  const tell = (link, text) => {
    const at = link.querySelector("small") || link.querySelector("span");
    at.append(document.createElement("span"));
    at.lastChild.textContent = ` · ${text}`;
  };

  function index() {
    const searching = wordsOf(byId("search"));
    const links = [...document.querySelectorAll("a[data-length]")];
    for (const link of links) {
      const done = part(link);
      if (!done) continue;
      link.style.setProperty("--done", `${done}%`);
      tell(link, done === 100 ? searching.ended : fill(searching.partly, { part: done }));
    }
    for (const link of document.querySelectorAll(".newest a")) link.addEventListener("click", () => say(searching.loading));
    addEventListener("pageshow", () => say(""));
    ask({ pages: [home.href, ...links.slice(0, 3).map((link) => link.href)] });
    if (byId("search")) search(searching, byId("search").dataset.years.split(" "));
    const feed = byId("feed");
    if (!feed) return;
    feed.textContent = decodeURI(feed.href);
    const values = { url: feed.href, bare: feed.href.replace(/^https?:\/\//, ""), quoted: encodeURIComponent(feed.href) };
    const strange = /Android/.test(navigator.userAgent) ? /^(podcast|overcast):/ : /^https:/; // apps that are not there
    for (const link of document.querySelectorAll("#apps a[data-address]")) {
      link.href = fill(link.dataset.address, values);
      link.hidden = !/^http/.test(feed.href) || strange.test(link.dataset.address);
    }
    const copy = byId("copy");
    if (!navigator.clipboard) return;
    copy.hidden = false;
    copy.addEventListener("click", () => {
      navigator.clipboard.writeText(feed.href).then(() => { copy.textContent = byId("apps").dataset.done; }, () => {});
    });
  }

  // ---- old stories by their headlines: one small file for each year, read when it is asked for
  function search(searching, years) {
    const MOST = 50;
    const query = byId("query");
    const found = byId("found");
    const plain = (text) => text.normalize("NFKC").toLowerCase();
    const files = new Map(); // by year, a promise of [date, title, start], newest first
    const load = async (year) => {
      const answer = await fetch(`episodes-${year}.json`);
      if (!answer.ok) throw new Error(year);
      return Object.entries(await answer.json()).flatMap(([date, parts]) => parts
        .flatMap((title, at) => (at % 2 ? [[date, title, parts[at - 1]]] : [])));
    };
    const read = (year) => {
      if (!files.has(year)) {
        files.set(year, load(year));
        files.get(year).catch(() => files.delete(year));
      }
      return files.get(year);
    };
    const row = ([date, title, start]) => {
      const [year, month, day] = date.split("-").map(Number);
      const item = document.createElement("li");
      item.innerHTML = '<a><small></small><span class="title"></span></a>';
      item.firstChild.href = `${date}.html#t=${start}&play`;
      item.querySelector("small").textContent = fill(searching.day, { year, month, day });
      item.querySelector(".title").textContent = title;
      return item;
    };
    let asked = 0;
    const look = async () => {
      const mine = asked += 1;
      const terms = plain(query.value).split(/\s+/).filter(Boolean);
      const hits = [];
      let failed = "";
      for (const year of terms.length ? years : []) { // older ones only as long as there is room
        const list = await read(year).catch(() => { failed = searching.failed; return []; });
        if (mine !== asked) return; // typed on
        hits.push(...list.filter(([date, title]) => terms.every((term) => `${date} ${plain(title)}`.includes(term))));
        if (hits.length >= MOST) break;
      }
      const shown = hits.slice(0, MOST);
      found.replaceChildren(...shown.map(row));
      const text = shown.length < hits.length ? searching.latest : shown.length || failed ? searching.count : searching.none;
      byId("count").textContent = terms.length ? `${fill(text, { count: shown.length })} ${failed}`.trim() : "";
    };
    byId("search").hidden = false;
    byId("search").addEventListener("submit", (event) => { event.preventDefault(); look(); });
    query.addEventListener("focus", () => read(years[0]).catch(() => {}));
    query.addEventListener("input", look);
  }

  function episode() {
    const date = document.body.dataset.date;
    const SOURCE = audio.getAttribute("src"); // with the version of the audio
    const timed = (selector) => [...document.querySelectorAll(selector)]
      .map((element) => ({ element, start: Number(element.dataset.start) }));
    const chapters = timed("#stories a[data-start]");
    const cues = timed(".cue");
    const position = byId("position");
    const speed = byId("speed");
    const sleep = byId("sleep");
    const follow = byId("follow");
    const length = () => (Number.isFinite(audio.duration) ? audio.duration : Number(position.max));
    const endOf = (at) => (at + 1 < chapters.length ? chapters[at + 1].start : length());
    const titleOf = (at) => chapters[at].element.querySelector(".title").textContent;

    document.body.classList.add("scripted");
    audio.controls = false;
    audio.hidden = true;
    for (const id of ["dock", "settings", "reading"]) if (byId(id)) byId(id).hidden = false;

    // ---- where we are
    const lastBefore = (list, time) => {
      let low = 0;
      let high = list.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (list[middle].start <= time + 0.02) low = middle + 1; else high = middle;
      }
      return low - 1;
    };
    let chapter = -1;
    let cue = -1;
    let wanted = null; // where to begin, until the browser knows the audio
    let wish = false; // whether the listener wants to hear, whatever the browser can do just now

    const now = () => (wanted === null ? audio.currentTime : wanted);
    const clock = (time) => {
      const all = Math.max(0, Math.floor(time));
      const pair = [Math.floor(all / 60) % 60, all % 60];
      const hours = Math.floor(all / 3600);
      return `${hours ? `${hours}:${String(pair[0]).padStart(2, "0")}` : pair[0]}:${String(pair[1]).padStart(2, "0")}`;
    };
    const spoken = (time) => { // for screen readers, which take 0:24 for a time of the day
      const all = Math.max(0, Math.floor(time));
      const values = { minutes: Math.floor(all / 60), seconds: all % 60 };
      return fill(values.minutes ? words.minutes_seconds : words.seconds, values);
    };
    const show = () => {
      const time = now();
      position.value = String(Math.floor(time));
      position.style.setProperty("--done", `${100 * time / length()}%`);
      byId("elapsed").textContent = clock(time);
      byId("remaining").textContent = `-${clock(length() - time)}`;
      position.setAttribute("aria-valuetext", fill(words.position_text, { now: spoken(time), all: spoken(length()) }));
      const from = chapter;
      chapter = moved(chapters, chapter, lastBefore(chapters, time), (at) => {
        byId("now").textContent = at < 0 ? "" : titleOf(at);
        describe(at);
        // Heard is what the voice has come to the end of, not what was jumped over.
        if (at === from + 1 && !audio.paused && !audio.seeking && time - chapters[at].start < 2) hearTo(from);
      });
      const before = cue;
      cue = moved(cues, cue, lastBefore(cues, time), (at) => {
        if (at >= 0 && (before < 0 ? isSeen(cues[at].element) : isSeen(cues[before].element))) reveal(at);
      });
      offerFollowing();
    };
    // ---- the marks of the stories: on the bar, and in the list once they are heard
    // The knob's middle goes from half its width to the bar's end less that.
    const line = ({ start }) => `linear-gradient(var(--card), var(--card)) calc(11px + (100% - 22px) * ${start / position.max}) 0 / 2px 100% no-repeat`;
    if (chapters.length > 1) position.style.setProperty("--marks", chapters.slice(1).map(line).join());
    const mark = (at) => {
      const item = chapters[at] && chapters[at].element.parentElement;
      if (!item || item.classList.contains("heard")) return;
      item.classList.add("heard");
      tell(chapters[at].element, words.heard);
    };
    const lately = (all) => Object.fromEntries(Object.entries(all).slice(-100));
    const hearTo = (at) => {
      if (at < 0) return;
      mark(at);
      const { done = {} } = remembered();
      const here = new Set(done[SOURCE]).add(at);
      delete done[SOURCE];
      remember({ done: lately({ ...done, [SOURCE]: [...here] }) });
    };
    const moved = (list, from, to, tell) => {
      if (from === to) return from;
      if (from >= 0) list[from].element.removeAttribute("aria-current");
      if (to >= 0) list[to].element.setAttribute("aria-current", "true");
      tell(to);
      return to;
    };

    // ---- the transcript follows the voice for as long as the spoken sentence is on the screen:
    // whoever scrolls away reads on in peace, and one button leads back
    const isSeen = (element) => {
      const box = element.getBoundingClientRect();
      const dock = byId("dock").getBoundingClientRect();
      const bottom = dock.bottom >= innerHeight - 1 && dock.top > 0 ? dock.top : innerHeight;
      return box.bottom > 0 && box.top < bottom;
    };
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const reveal = (at) => {
      if (at < 0) return;
      cues[at].element.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
    };
    const offerFollowing = () => {
      if (!follow) return;
      const reading = isSeen(byId("transcript"));
      follow.hidden = audio.paused || cue < 0 || !reading || isSeen(cues[cue].element);
    };
    if (follow) follow.addEventListener("click", () => { reveal(cue); follow.hidden = true; });
    addEventListener("scroll", offerFollowing, { passive: true });

    // ---- where the audio comes from: the network, or what the worker has kept. A browser takes
    // what a load has fetched for bytes of one file, and gives up when they come from two sources:
    // so the worker answers only what is marked as kept, and another source is another load
    const NETWORK = audio.src;
    // WebKit on GStreamer plays no file before it has 100 kB of it or five seconds have passed,
    // whatever its bit rate, but for one that is repeated. That it sometimes forgets to play on
    // when what it waited for has come: then the usual way has to do.
    if (/^Apple/.test(navigator.vendor) && /Linux/.test(navigator.platform)) {
      audio.loop = true;
      audio.load();
      audio.addEventListener("playing", () => { audio.loop = false; }, { once: true });
      let stood = 0;
      const watch = setInterval(() => {
        const stands = stood > 0 && audio.currentTime === stood && !audio.paused && !audio.seeking;
        stood = audio.currentTime;
        if (!stands) return;
        clearInterval(watch);
        load();
      }, 1500);
    }
    const KEPT = `${NETWORK}&kept`; // it has ?v= before
    let isKept = false;
    let retried = false; // whether this failure was answered by a second load already
    let failedAt = 0;
    const load = () => {
      wanted = now();
      audio.src = isKept && navigator.serviceWorker.controller ? KEPT : NETWORK;
      audio.load();
      if (wish) audio.play().catch(() => {});
    };
    const causeOf = async (code) => {
      try {
        const answer = await fetch(NETWORK, { method: "HEAD", cache: "no-store" });
        if (answer.status === 404 || answer.status === 410) return words.gone;
        if (!answer.ok) return words.server_fails;
        // Firefox plays on without a loudspeaker, and calls it an error.
        if (!audio.paused && audio.currentTime > failedAt) return words.no_output;
        return code === MediaError.MEDIA_ERR_NETWORK ? words.interrupted : words.damaged;
      } catch {
        return words.offline;
      }
    };
    const recover = async () => {
      const { code } = audio.error;
      wanted = failedAt = now();
      await renew(0);
      if (navigator.serviceWorker && navigator.serviceWorker.controller) await ready;
      if (!audio.error) return; // loaded anew in the meantime
      if (audio.src === KEPT) { isKept = false; setKeep("keep"); }
      if (!retried) {
        retried = true;
        load();
        return;
      }
      turned();
      arrived();
      const cause = await causeOf(code);
      if (audio.error) say(cause);
    };

    // ---- a page that was left open while its episode was made again: what it lists is not what
    // the server plays, so it gives way to the new page as soon as nobody is listening
    const LEFT = `${SHELF} left`;
    let checkedAt = Date.now();
    let isStale = false;
    let seenAt = 0;
    let movedAt = 0; // when the voice was last heard to go on, in milliseconds of the clock
    let notice = ""; // to be said once it plays
    const giveWay = () => {
      if (!isStale || (!audio.paused && !audio.error && Date.now() - movedAt < 1500)) return;
      const story = chapter < 0 ? {} : { title: titleOf(chapter), after: now() - chapters[chapter].start };
      try { sessionStorage.setItem(LEFT, JSON.stringify({ ...story, source: SOURCE, wish })); } catch { return; }
      location.reload();
    };
    const renew = async (age = 60000) => {
      if (!isStale && Date.now() - checkedAt >= age) {
        checkedAt = Date.now();
        try {
          const answer = await fetch(location.href.split("#")[0], { cache: "no-cache", signal: AbortSignal.timeout(5000) });
          const page = answer.ok ? await answer.text() : "";
          isStale = page.includes("</audio>") && !page.includes(`src="${SOURCE}"`) && !wasStale;
        } catch { /* no network: what is here is all there is */ }
      }
      giveWay();
    };
    const left = () => { // what the page before this one was playing, if it gave way
      try {
        const before = JSON.parse(sessionStorage.getItem(LEFT));
        sessionStorage.removeItem(LEFT);
        return before;
      } catch { return null; }
    };
    const before = left();
    const wasStale = Boolean(before && before.source === SOURCE); // a cache on the way: not again

    // ---- waiting for the line, which is said while it lasts
    let waiting = 0;
    let stoodAt = 0; // where it was when it began to wait
    // WebKit does not say that it plays again after a jump: there it shows by the time alone.
    const isWaiting = () => wish && !audio.error && audio.readyState < 3 && !(now() > stoodAt + 0.1 && !audio.seeking);
    const wait = () => {
      clearTimeout(waiting);
      stoodAt = now();
      movedAt = 0;
      waiting = setTimeout(() => {
        if (!isWaiting()) return;
        document.body.classList.add("loading");
        say(words.loading);
        // A page that has just come is not asked for again: the line is wanted for the sound.
        waiting = setTimeout(() => { if (isWaiting()) renew(0); }, Math.max(2000, 6000 - performance.now()));
      }, 200);
    };
    const arrived = (text) => {
      clearTimeout(waiting);
      document.body.classList.remove("loading");
      if (text) announce(text); else if (text === "" || status.textContent === words.loading) say("");
    };

    // ---- going somewhere
    const seek = (time) => {
      const to = Math.min(Math.max(0, time), Math.max(0, length() - 0.1));
      if (audio.readyState > 0) { audio.currentTime = to; wanted = null; } else wanted = to;
      sleepIn = null;
      show();
      save();
    };
    const play = () => {
      say("");
      wish = true;
      retried = false;
      wait();
      renew();
      if (audio.error) load();
      return audio.play().catch(() => {}); // what is wrong is told by the error event
    };
    const stop = () => { wish = false; audio.pause(); arrived(); };
    const toggle = () => { if (audio.paused) play(); else stop(); };
    const hear = (time) => { seek(time); play(); };
    const story = (step) => {
      if (!chapters.length) { seek(step < 0 ? 0 : length()); return; }
      const again = step < 0 && chapter >= 0 && now() - chapters[chapter].start > 3;
      const to = Math.min(Math.max(0, again ? chapter : chapter + step), chapters.length - 1);
      seek(chapters[to].start);
      const number = chapters[to].element.dataset.number;
      announce(number ? fill(words.story_now, { number, title: titleOf(to) }) : titleOf(to));
    };
    const sentence = (step) => {
      if (!cues.length) return;
      hear(cues[Math.min(Math.max(0, cue + step), cues.length - 1)].start);
      reveal(cue);
    };
    const press = (id, act) => { if (byId(id)) byId(id).addEventListener("click", act); };
    press("play", toggle);
    press("back", () => seek(now() - 15));
    press("forward", () => seek(now() + 15));
    press("previous", () => story(-1));
    press("next", () => story(1));
    press("previous-sentence", () => sentence(-1));
    press("next-sentence", () => sentence(1));
    position.addEventListener("input", () => seek(Number(position.value)));
    for (const { element, start } of chapters) {
      element.addEventListener("click", (event) => { event.preventDefault(); hear(start); });
    }
    for (const { element, start } of cues) {
      element.addEventListener("click", () => { if (!String(getSelection())) hear(start); });
    }

    // ---- speed, and stopping by itself
    const setSpeed = (value) => {
      if (![...speed.options].some((option) => option.value === value)) return;
      speed.value = value;
      audio.defaultPlaybackRate = audio.playbackRate = Number(value);
    };
    setSpeed(String(remembered().speed || "1"));
    speed.addEventListener("change", () => { setSpeed(speed.value); remember({ speed: speed.value }); });

    let sleepAt = 0; // milliseconds of the clock
    let sleepIn = null; // the chapter after which to stop
    sleep.addEventListener("change", () => {
      sleepAt = Number(sleep.value) ? Date.now() + Number(sleep.value) * 60000 : 0;
      sleepIn = null;
    });
    const mindSleep = () => {
      if (audio.paused || audio.seeking || !sleep.value) return;
      if (sleep.value === "story") {
        if (sleepIn === null) sleepIn = chapter;
        // timeupdate comes four times a second: stop in the pause before the next story
        const end = endOf(sleepIn);
        if (sleepIn >= 0 && now() < end - 0.3 * audio.playbackRate) return;
        audio.pause();
        if (sleepIn >= 0 && sleepIn + 1 < chapters.length) seek(end);
      } else {
        if (Date.now() < sleepAt) return;
        audio.pause();
      }
      sleep.value = "";
      sleepIn = null;
      say(words.slept);
    };

    // ---- the position of each episode, for the hundred heard last
    let saved = -10;
    const save = () => {
      const { heard = {} } = remembered();
      delete heard[date];
      if (now() > 1 && now() < length() - 5) heard[date] = Math.round(now() * 10) / 10;
      remember({ heard: lately(heard) });
      saved = now();
    };
    addEventListener("pagehide", save);
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(); else renew(); });

    // ---- the lock screen and the keys of a headset
    const session = navigator.mediaSession;
    let hasSounded = false; // the picture is fetched when the line is no longer waited for
    function describe(at) {
      if (!session || !window.MediaMetadata || !hasSounded) return;
      // The large one would be more for the line to carry.
      const artwork = picture ? [{ src: picture.src, sizes: "320x320", type: "image/png" }] : [];
      session.metadata = new MediaMetadata({
        title: at < 0 ? document.title : titleOf(at),
        artist: document.body.dataset.artist, album: document.body.dataset.album, artwork,
      });
    }
    const placeSession = () => {
      if (!session || !session.setPositionState || !Number.isFinite(audio.duration)) return;
      try {
        session.setPositionState({ duration: audio.duration, playbackRate: audio.playbackRate, position: Math.min(audio.currentTime, audio.duration) });
      } catch { /* an old browser */ }
    };
    const onKey = {
      play, pause: stop, stop,
      seekbackward: (how) => seek(now() - (how.seekOffset || 15)),
      seekforward: (how) => seek(now() + (how.seekOffset || 15)),
      seekto: (how) => seek(how.seekTime),
      previoustrack: () => story(-1), nexttrack: () => story(1),
    };
    if (session) {
      for (const [key, act] of Object.entries(onKey)) {
        try { session.setActionHandler(key, act); } catch { /* unknown to this browser */ }
      }
    }

    // ---- a link to this second of this story
    press("share", async () => {
      const time = Math.floor(now());
      const values = { now: spoken(time) };
      const url = location.href.split("#")[0] + (time ? `#t=${time}` : "");
      const title = chapter > 0 ? titleOf(chapter) : document.title;
      if (navigator.share) { navigator.share({ title, url }).catch(() => {}); return; }
      try {
        await navigator.clipboard.writeText(url);
        announce(fill(words.copied_link, values));
      } catch { // such as in WeChat, whose own menu sends the page's address
        history.replaceState(null, "", url);
        announce(fill(words.share_by_menu, values));
      }
    });

    // ---- the episodes before and after this one, as the first page or this month's lists them
    const datesOf = async (name) => {
      const answer = await fetch(new URL(name, home)).catch(() => null);
      const page = answer && answer.ok ? await answer.text() : "";
      return [...new Set(page.match(/\d{4}-\d\d-\d\d(?=\.html)/g))].sort();
    };
    const findNeighbours = async () => {
      let dates = await datesOf("index.html");
      if (!dates.includes(date)) dates = await datesOf(`archive-${date.slice(0, 7)}.html`);
      const at = dates.indexOf(date);
      const nav = byId("neighbours");
      if (at < 0) return;
      nav.replaceChildren(...[["older", at - 1], ["newer", at + 1]].filter(([, one]) => dates[one]).map(([id, one]) => {
        const [, month, day] = dates[one].split("-").map(Number);
        const link = document.createElement("a");
        Object.assign(link, { id, href: `${dates[one]}.html#play`, textContent: fill(words[id], { day: fill(words.day, { month, day }) }) });
        return link;
      }));
      nav.hidden = !nav.childElementCount;
    };
    loaded.then(() => { if (!wish) findNeighbours(); });

    // ---- kept for hearing without a network
    const keep = byId("keep");
    const setKeep = (state) => {
      keep.lastElementChild.textContent = words[state];
      keep.setAttribute("aria-disabled", String(state === "kept" || state === "keeping"));
      keep.dataset.state = state;
    };
    const keepIt = async () => {
      if (keep.hidden || keep.dataset.state === "kept" || keep.dataset.state === "keeping") return;
      setKeep("keeping");
      const answer = await ask({ keep: NETWORK, besides: [location.href.split("#")[0], ...[`${date}.png`, `episodes-${date.slice(0, 4)}.json`].map((name) => new URL(name, home).href)] });
      isKept = Boolean(answer && answer.kept);
      setKeep(isKept ? "kept" : answer && answer.isFull ? "keep_full" : "keep_failed");
    };
    keep.addEventListener("click", keepIt);
    const ready = ask({ isKept: NETWORK }).then((answer) => {
      if (!answer) return;
      keep.hidden = false;
      isKept = answer.kept;
      setKeep(isKept ? "kept" : "keep");
      if (isKept && navigator.serviceWorker.controller) load();
    });
    const link = navigator.connection;
    // WebKit shares nothing between player and worker: keeping loads everything a second time.
    const isCostly = () => /^Apple/.test(navigator.vendor) || Boolean(link && (link.saveData || link.type === "cellular"));

    // ---- what the audio tells
    const begin = () => { if (wanted !== null) { audio.currentTime = wanted; wanted = null; } show(); };
    audio.addEventListener("loadedmetadata", begin);
    audio.addEventListener("timeupdate", () => {
      show();
      if (!audio.seeking && now() !== seenAt) movedAt = Date.now();
      seenAt = now();
      if (document.body.classList.contains("loading") && !isWaiting()) arrived();
      mindSleep();
      if (retried && now() > failedAt + 2) retried = false; // it goes on: the next failure is another
      if (Math.abs(now() - saved) > 5) save();
    });
    audio.addEventListener("seeked", () => { show(); placeSession(); });
    audio.addEventListener("ratechange", placeSession);
    const turned = () => {
      const playing = !audio.paused;
      document.body.classList.toggle("playing", playing);
      byId("play").setAttribute("aria-label", playing ? words.pause : words.play);
      byId("play").title = playing ? words.pause : words.play;
      if (session) session.playbackState = playing ? "playing" : "paused";
      placeSession();
      offerFollowing();
    };
    audio.addEventListener("play", () => { wish = true; turned(); });
    audio.addEventListener("pause", () => {
      if (!audio.error && !audio.ended && audio.readyState > 0) wish = false;
      if (!wish) arrived();
      turned();
      save();
      renew();
    });
    audio.addEventListener("waiting", wait);
    audio.addEventListener("playing", () => { arrived(notice); notice = ""; });
    const picture = document.querySelector("header img");
    const showPicture = () => { if (picture) picture.src = picture.dataset.src; };
    audio.addEventListener("playing", () => { hasSounded = true; showPicture(); describe(chapter); }, { once: true });
    loaded.then(() => { if (!wish) showPicture(); });
    audio.addEventListener("playing", () => { ready.then(() => { if (!isCostly()) keepIt(); findNeighbours(); }); }, { once: true });
    audio.addEventListener("ended", () => {
      hearTo(chapters.length - 1);
      const { ended = {} } = remembered();
      remember({ ended: lately({ ...ended, [date]: 1 }) });
      save();
      turned();
      say(words.ended);
      findNeighbours();
    });
    audio.addEventListener("error", recover);
    if (audio.error) recover(); // it failed before this script ran

    // ---- begin: where the address says, or where the listener stopped
    const arrive = () => {
      const asked = new URLSearchParams(location.hash.slice(1));
      const time = Number.parseFloat(asked.get("t"));
      const { heard = {} } = remembered();
      if (Number.isFinite(time)) seek(time);
      else if (wanted === null && audio.currentTime === 0 && heard[date] > 0) seek(Number(heard[date]));
      else show();
      if (!asked.has("play")) return;
      history.replaceState(null, "", location.pathname); // a reload shall not begin again
      play().then(() => { if (audio.paused) byId("play").focus(); });
    };
    for (const at of (remembered().done || {})[SOURCE] || []) mark(at);
    if (window.ResizeObserver) { // the page ends above the controls, whatever their height is
      new ResizeObserver(([{ target }]) => {
        document.documentElement.style.setProperty("--dock", `${target.offsetHeight}px`);
      }).observe(byId("dock"));
    }
    arrive();
    if (before && !wasStale) {
      const at = chapters.findIndex((_, number) => titleOf(number) === before.title);
      if (at >= 0) seek(Math.min(chapters[at].start + before.after, endOf(at) - 1));
      notice = words.renewed;
      if (before.wish) play(); else announce(notice);
    }
    addEventListener("hashchange", arrive);
  }

  if (audio) episode(); else index();
})();
