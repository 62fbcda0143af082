// The worker: pages and the audio that was heard last stay at hand without a network.
// Whatever is text comes from the network whenever that answers, so that nothing grows stale.
"use strict";
const SCHEMA = 1; // another number leaves the caches of older workers behind
const SCOPE = self.registration.scope;
const MINE = `qjaudio ${SCOPE} `; // another show on the same host has caches of its own
const TEXTS = `${MINE}${SCHEMA} texts`;
const AUDIO = `${MINE}${SCHEMA} audio`;
const MOST_TEXTS = 60;
const MOST_AUDIO = 3;
const PATIENCE_MS = 4000;
const SHELL = ["index.html", "player.css", "player.js", "player.webmanifest", "icon.svg"];
const SHELF = /^(index\.html|archive(-[\w-]+)?\.html|\d{4}-\d\d-\d\d\.(html|png)|episodes-\d{4}\.json|player\.(css|js|webmanifest)|icon\.svg|icon-512\.png|apple-touch-icon\.png)$/;

// The name of a published file, or "" for what is none of ours. Pages have one entry each,
// whatever stands behind the question mark.
const nameOf = (url) => {
  const { origin, pathname } = new URL(url);
  const scope = new URL(SCOPE);
  if (origin !== scope.origin || !pathname.startsWith(scope.pathname)) return "";
  return pathname.slice(scope.pathname.length) || "index.html";
};
const keyOf = (name) => new URL(name, SCOPE).href;
const isWhole = (response) => response.status === 200 && response.type === "basic" && !response.redirected;

const isGone = (response) => response.status === 404 || response.status === 410;

// Episodes that were withdrawn are not to be heard or read any more.
const forget = async (isWithdrawn) => {
  for (const box of [TEXTS, AUDIO]) {
    const cache = await caches.open(box);
    const keys = (await cache.keys()).filter((key) => /^\d{4}-\d\d-\d\d\./.test(nameOf(key.url)));
    await Promise.all(keys.filter((key) => isWithdrawn(nameOf(key.url))).map((key) => cache.delete(key)));
  }
};

// A take that the page of its day does not name holds what was withdrawn or put right since.
const forgetTakes = async (date, page) => {
  const cache = await caches.open(AUDIO);
  const old = (await cache.keys()).filter((key) => nameOf(key.url) === `${date}.mp3` && !page.includes(`${date}.mp3${new URL(key.url).search}`));
  await Promise.all(old.map((key) => cache.delete(key)));
};

// The list of each year's episodes is asked which of those at hand are still there.
const sweep = async () => {
  const texts = await caches.open(TEXTS);
  const keys = [...await texts.keys(), ...await (await caches.open(AUDIO)).keys()];
  const years = new Set(keys.map((key) => nameOf(key.url).slice(0, 5)).filter((year) => /^\d{4}-$/.test(year)));
  for (const year of years) {
    const response = await fetch(keyOf(`episodes-${year.slice(0, 4)}.json`), { cache: "no-cache" });
    if (!isWhole(response) && !isGone(response)) continue;
    const there = isGone(response) ? {} : await response.json();
    await forget((name) => name.startsWith(year) && !(name.slice(0, 10) in there));
  }
};

const trim = async (cache, most) => {
  const keys = await cache.keys(); // in the order in which they were put
  const spare = keys.filter((key) => !SHELL.includes(nameOf(key.url)));
  const over = keys.length - most;
  await Promise.all(spare.slice(0, Math.max(0, over)).map((key) => cache.delete(key)));
};

const fetched = async (name, request) => {
  const response = await fetch(request, { cache: "no-cache" });
  if (isWhole(response)) {
    const cache = await caches.open(TEXTS);
    const copy = response.clone();
    if (/^\d{4}-\d\d-\d\d\.html$/.test(name)) await forgetTakes(name.slice(0, 10), await response.clone().text());
    await cache.delete(keyOf(name));
    await cache.put(keyOf(name), copy).catch(() => {});
    await trim(cache, MOST_TEXTS);
  } else if (isGone(response)) {
    await (await caches.open(TEXTS)).delete(keyOf(name)); // withdrawn: not to be read any more
    if (/^\d{4}-\d\d-\d\d\.html$/.test(name)) await forget((other) => other.startsWith(name.slice(0, 10)));
  }
  // A navigation may not be answered by what came through a redirect: it has to look like our own.
  return response.redirected ? new Response(response.body, response) : response;
};

const text = async (name, event) => {
  const request = event.request.mode === "navigate" ? event.request.url.split("#")[0] : event.request;
  const network = fetched(name, request);
  const swept = network.then((response) => (isWhole(response) && name.endsWith(".html") ? sweep() : null));
  event.waitUntil(swept.catch(() => {}));
  const kept = await (await caches.open(TEXTS)).match(keyOf(name), { ignoreVary: true });
  if (!kept) return network;
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS, kept); });
  const failed = network.then((response) => (response.status >= 500 ? kept : response), () => kept);
  return Promise.race([failed, late]);
};

// Players ask for parts, and Safari plays nothing that is not answered in parts.
const partOf = async (request, kept) => {
  const asked = request.headers.get("range");
  if (!asked) return kept;
  const blob = await kept.blob();
  const found = /^bytes=(\d*)-(\d*)$/.exec(asked.trim());
  const size = blob.size;
  if (!found || (!found[1] && !found[2])) return new Response(blob, { headers: kept.headers });
  const start = found[1] ? Number(found[1]) : Math.max(0, size - Number(found[2]));
  const last = found[1] && found[2] ? Math.min(Number(found[2]), size - 1) : size - 1;
  const headers = { "Content-Type": "audio/mpeg", "Accept-Ranges": "bytes" };
  if (start >= size || start > last) {
    return new Response(null, { status: 416, headers: { ...headers, "Content-Range": `bytes */${size}` } });
  }
  headers["Content-Range"] = `bytes ${start}-${last}/${size}`;
  headers["Content-Length"] = String(last - start + 1);
  return new Response(blob.slice(start, last + 1, "audio/mpeg"), { status: 206, headers });
};

// Only what the page has asked for as kept: all else goes past us to the network, for a browser
// that has begun a file with the network's answers gives it up when ours come between them.
const KEPT = "&kept";
const audio = async (request) => {
  const url = request.url.slice(0, -KEPT.length);
  const kept = await (await caches.open(AUDIO)).match(url, { ignoreVary: true });
  return kept ? partOf(request, kept) : new Response(null, { status: 404 });
};

const keep = async (url, besides = []) => {
  let response = await fetch(url);
  // Firefox answers out of what the player has fetched so far.
  if (response.status === 206) response = await fetch(url, { cache: "reload" });
  if (!isWhole(response)) return false;
  const blob = await response.blob();
  const promised = Number(response.headers.get("content-length"));
  if (promised && !response.headers.get("content-encoding") && promised !== blob.size) return false;
  const cache = await caches.open(AUDIO);
  const same = (await cache.keys()).filter((key) => nameOf(key.url) === nameOf(url));
  await Promise.all(same.map((key) => cache.delete(key))); // an older issue of the same day
  await trim(cache, MOST_AUDIO - 1);
  await cache.put(url, new Response(blob, { headers: { "Content-Type": "audio/mpeg", "Content-Length": String(blob.size) } }));
  await Promise.all([...besides, SCOPE].map((one) => fetched(nameOf(one), one).catch(() => {})));
  return true;
};

const respond = async (message) => {
  if (message.pages) {
    const names = message.pages.map(nameOf).filter((name) => SHELF.test(name));
    await Promise.all(names.map((name) => fetched(name, keyOf(name)).catch(() => {})));
    return {};
  }
  const url = message.keep || message.isKept;
  if (!/^\d{4}-\d\d-\d\d\.mp3$/.test(nameOf(url))) return { kept: false };
  if (message.isKept) return { kept: Boolean(await (await caches.open(AUDIO)).match(url)) };
  return { kept: await keep(url, message.besides) };
};

self.addEventListener("install", (event) => {
  self.skipWaiting();
  // One file that is missing must not keep the others away.
  event.waitUntil(Promise.all(SHELL.map((name) => fetched(name, keyOf(name)).catch(() => {}))));
});
self.addEventListener("activate", (event) => {
  const clean = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(MINE) && name !== TEXTS && name !== AUDIO);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(clean());
});
self.addEventListener("message", (event) => {
  const answer = (value) => event.ports[0] && event.ports[0].postMessage(value);
  event.waitUntil(respond(event.data).then(answer, (error) => answer({ kept: false, isFull: error.name === "QuotaExceededError" })));
});
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const name = nameOf(event.request.url);
  if (SHELF.test(name)) event.respondWith(text(name, event));
  else if (/^\d{4}-\d\d-\d\d\.mp3$/.test(name) && event.request.url.endsWith(KEPT)) event.respondWith(audio(event.request));
});
