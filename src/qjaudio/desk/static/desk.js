// The desk in the browser: fetch a form and put it into the dialog, send it, put the answer in place;
// play sentences; go from doubt to doubt; point at a story and see it on the page. No library: what
// htmx would be used for is the two functions `show` and `send`.
"use strict";
const panel = document.querySelector("#panel");
const status = document.querySelector("#status");
const work = () => document.querySelector("#work");
const bar = () => document.querySelector(".bar");
let key = document.body.dataset.formKey;
let opener = "";

const tell = (text) => { status.textContent = text; };
const selectorOf = (element) => {
  const holder = element && element.closest("[id]");
  return holder ? `#${holder.id}` : "";
};

function open(html) {
  panel.innerHTML = html;
  if (!panel.open) panel.showModal();
  const first = panel.querySelector("[autofocus]") || panel.querySelector("button, input, textarea, a");
  if (first) first.focus();
}

// Text that was written and not sent; and whether it may be lost.
const written = (root) => [...root.querySelectorAll("textarea, input:not([type]), input[type=datetime-local]")].some((one) => one.value !== one.defaultValue);
const leave = () => !written(panel) || confirm("写的内容还没有保存，确定不要了？");
panel.addEventListener("cancel", (event) => { if (!leave()) event.preventDefault(); });
addEventListener("beforeunload", (event) => { if (work() && written(document)) event.preventDefault(); });
function expired() {
  if (written(document)) tell("登录已过期：请在新标签页登录，再回到这里保存");
  else location.href = "/login";
}

async function ask(address, options) {
  tell("……");
  try {
    const answer = await fetch(address, { ...options, headers: { "X-Fragment": "1" } });
    if (answer.status === 401 && !options) expired();
    tell("");
    return answer;
  } catch {
    tell("连不上审稿台，您写的内容还在，请稍后再存");
    return null;
  }
}

async function show(address) {
  if (panel.open && !leave()) return;
  const answer = await ask(address);
  if (answer && (answer.status !== 401 || !written(document))) open(await answer.text());
}

async function send(form, data) {
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  const address = form.getAttribute("action"); // form.action is the button of that name
  const answer = await ask(address, { method: "POST", body: new URLSearchParams(data) });
  for (const button of form.querySelectorAll("button")) button.disabled = false;
  if (!answer) return;
  const html = await answer.text();
  if (answer.status === 403 && await renewed()) {
    if (form.elements.form_key) form.elements.form_key.value = key;
    data.set("form_key", key);
    return send(form, data);
  }
  if (!answer.ok) { refused(form, html, answer.status); return; }
  place(html);
}

// Who has logged in again, in another window, has another key.
async function renewed() {
  const text = await fetch(location.href).then((answer) => answer.text()).catch(() => "");
  const found = /data-form-key="([^"]+)"/.exec(text);
  if (!found || found[1] === key) return false;
  key = found[1];
  for (const one of document.querySelectorAll("[name=form_key]")) one.value = key;
  return true;
}

// What was refused is told inside the form, whose text stays; two versions are a form of their own.
function refused(form, html, code) {
  const fields = form.querySelector("textarea, select, input:not([type=hidden])");
  if (code === 409 && !html.includes('class="notice"') || !(panel.contains(form) || fields && form.isConnected)) { open(html); return; }
  for (const one of form.querySelectorAll(".notice")) one.remove();
  form.insertAdjacentHTML("beforeend", html);
  form.querySelector("[data-dismiss]").focus();
}

function place(html) {
  const pages = document.querySelector(".pages");
  const [x, y, down] = [scrollX, scrollY, pages ? pages.scrollTop : 0];
  work().innerHTML = html;
  if (panel.open) panel.close();
  scrollTo(x, y);
  const now = document.querySelector(".pages");
  if (now) now.scrollTop = down;
  refocus();
  const saved = document.querySelector(".saved");
  tell(saved ? saved.textContent : "");
  number = -1;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (button && button.dataset.ask && !confirm(button.dataset.ask)) { event.preventDefault(); return; }
  if (!form.matches("[data-swap]")) return;
  event.preventDefault();
  const data = new FormData(form, button);
  send(form, data);
});

function refocus() {
  const there = opener && document.querySelector(opener);
  const target = there && (there.querySelector("a, button, h2") || there);
  if (target) target.focus({ preventScroll: true });
}
panel.addEventListener("close", () => {
  if (!panel.open) panel.replaceChildren(); // what was saved, or may be lost, is not written any more
  refocus();
});

document.addEventListener("click", (event) => {
  const at = event.target.closest("[data-panel], [data-sound], [data-play-all], [data-close], [data-dismiss], [data-reload], [data-fill], [data-key], [data-reading], rect[data-mark], .pages [data-mark]");
  if (!at) return;
  if (at.matches("[data-panel]")) {
    event.preventDefault();
    if (!panel.contains(at)) opener = selectorOf(at);
    show(at.href);
  } else if (at.matches("[data-sound]")) play([at]);
  else if (at.matches("[data-play-all]")) play([...at.closest("article").querySelectorAll("[data-sound]")]);
  else if (at.matches("[data-close]")) { if (leave()) panel.close(); }
  else if (at.matches("[data-dismiss]")) { if (at.closest("form")) at.closest(".notice").remove(); else panel.close(); }
  else if (at.matches("[data-reload]")) location.reload();
  else if (at.matches("[data-fill]")) at.form.elements.text.value = at.dataset.fill;
  else if (at.matches("[data-key]")) press(at.dataset.key);
  else if (at.matches("[data-reading]")) {
    if (!String(getSelection()) && at.closest("li").querySelector("[data-panel]")) {
      opener = selectorOf(at);
      show(`${at.dataset.reading}&at=${offset(at, event)}`);
    }
  } else reveal(document.querySelector(`.stories [data-mark="${at.dataset.mark}"] h2`));
});

// The number of the character of a sentence that was clicked.
function offset(holder, event) {
  const found = document.caretPositionFromPoint
    ? document.caretPositionFromPoint(event.clientX, event.clientY)
    : document.caretRangeFromPoint(event.clientX, event.clientY);
  if (!found) return -1;
  const range = document.createRange();
  range.selectNodeContents(holder);
  range.setEnd(found.offsetNode || found.startContainer, found.offset ?? found.startOffset);
  return Math.max(0, range.toString().length - (pastMiddle(holder, range, event) ? 1 : 0));
}

// A caret stands before or behind a character: behind it, if the click was in its right half.
function pastMiddle(holder, range, event) {
  const node = range.endContainer;
  if (node.nodeType !== Node.TEXT_NODE || !range.endOffset) return false;
  const one = document.createRange();
  one.setStart(node, range.endOffset - 1);
  one.setEnd(node, range.endOffset);
  const box = one.getBoundingClientRect();
  return event.clientX <= box.right && event.clientX >= box.left;
}

// Sound: one at a time; what follows, the rest of a sentence or the next one, is fetched meanwhile.
const audio = new Audio();
let playing = null; // the button and the number of what plays
let turn = 0;
const fetched = (address) => fetch(address, { headers: { "X-Fragment": "1" } })
  .then(async (answer) => answer.ok ? { sound: await answer.blob(), rest: answer.headers.get("X-Rest") } : null)
  .catch(() => null);
function play(buttons) {
  const same = playing === buttons[0];
  stop();
  if (!same && buttons.length) sing(buttons, turn);
}
function stop() {
  turn += 1;
  mark(null);
  audio.pause();
}
function mark(button) {
  for (const one of document.querySelectorAll(".playing")) one.classList.remove("playing");
  playing = button;
  for (const one of button ? [button, button.closest("li, .pick")] : []) one.classList.add("playing");
}
async function sing(buttons, mine) {
  audio.removeAttribute("src");
  audio.load(); // while the click lasts: else Safari plays nothing later
  let coming = fetched(buttons[0].dataset.sound);
  for (let at = 0; at < buttons.length;) {
    mark(buttons[at]);
    const got = await coming;
    if (mine !== turn) return;
    const rest = got && got.rest;
    if (!rest) at += 1;
    if (rest || buttons[at]) coming = fetched(rest || buttons[at].dataset.sound);
    const heard = got && await sounded(got.sound);
    if (mine !== turn) return;
    if (!heard) { stop(); tell("这一句现在读不出来"); return; }
  }
  stop();
}
function sounded(sound) {
  const address = URL.createObjectURL(sound);
  return new Promise((done) => {
    audio.onended = () => done(true);
    audio.onpause = () => { if (!playing) done(true); };
    audio.onerror = () => done(false);
    audio.src = address;
    audio.play().catch(() => done(false));
  }).finally(() => URL.revokeObjectURL(address));
}

// Point at a story here, see it there.
let lit = "";
function light(mark) {
  if (mark === lit) return;
  for (const one of document.querySelectorAll(".lit")) one.classList.remove("lit");
  lit = mark;
  if (mark) for (const one of document.querySelectorAll(`[data-mark="${mark}"]`)) one.classList.add("lit");
}
const point = (event) => {
  const at = event.target.closest("[data-mark]");
  light(at ? at.dataset.mark : "");
  if (at && event.type === "focusin" && at.closest(".stories")) reach(`.pages [data-mark="${at.dataset.mark}"]`);
};
document.addEventListener("pointerover", point);
document.addEventListener("focusin", point);

function reach(selector) {
  const there = document.querySelector(selector);
  const pages = document.querySelector(".pages");
  if (!there || !pages || pages.scrollHeight <= pages.clientHeight) return;
  const box = there.getBoundingClientRect(), frame = pages.getBoundingClientRect();
  if (box.top < frame.top || box.bottom > frame.bottom) pages.scrollTop += box.top - frame.top - frame.height / 3;
}
function reveal(element) {
  if (!element) return;
  for (let at = element.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "center" });
  const line = element.closest("[data-at]");
  if (line) reach(`.pages [data-line="${line.dataset.at}"]`);
}

// Keys: n and p go to doubts, j and k to stories, e changes, y reads, space plays.
let number = -1;
function press(name) {
  if (name === "n" || name === "p") {
    const doubts = [...document.querySelectorAll("[data-doubt]")];
    if (!doubts.length) { tell("没有存疑处"); return; }
    number = name === "n" ? (number + 1) % doubts.length : (number > 0 ? number : doubts.length) - 1;
    reveal(doubts[number]);
    tell(`存疑 ${number + 1}/${doubts.length}：${doubts[number].title}`);
  } else if (name === "j" || name === "k") {
    const heads = [...document.querySelectorAll(".story h2")];
    const now = document.activeElement.closest(".story");
    const at = now ? heads.findIndex((head) => now.contains(head)) : -1;
    reveal(heads[Math.min(heads.length - 1, Math.max(0, at + (name === "j" ? 1 : -1)))]);
  } else {
    const line = document.activeElement.closest(".line, .story");
    if (!line) return;
    const wanted = { e: '[data-panel][href*="/line?"], [data-panel][href*="/story?"]', y: '[data-panel][href*="/reading?"]', " ": "[data-sound], [data-play-all]" };
    const target = line.matches(".story") && name !== "y" ? line.querySelector(name === "e" ? '[data-panel][href*="/story?"]' : "[data-play-all]") : line.querySelector(wanted[name]);
    if (target) target.click();
  }
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, dialog[open]");
  if (typing || event.ctrlKey || event.metaKey || !work()) return;
  if (event.altKey) {
    const story = event.target.closest("[data-name]");
    if (story && (event.key === "ArrowUp" || event.key === "ArrowDown")) { event.preventDefault(); move(story, event.key === "ArrowUp" ? -1 : 1); }
    return;
  }
  if (event.key === " " && event.target.closest("button, a, summary")) return;
  if ("npjkey ".includes(event.key)) { event.preventDefault(); press(event.key); }
});

// Stories are moved by Alt and an arrow, or by dragging.
function order(story, other, where) {
  opener = selectorOf(story);
  const data = new URLSearchParams({ form_key: key, action: where, name: story.dataset.name, version: story.dataset.storyVersion, [where]: other.dataset.name });
  const form = Object.assign(document.createElement("form"), { action: `${bar().dataset.base}/change` });
  send(form, data);
}
function move(story, step) {
  const all = [...document.querySelectorAll("[data-name]")];
  const other = all[all.indexOf(story) + step];
  if (other) order(story, other, step < 0 ? "before" : "after");
}
let dragged = null;
document.addEventListener("dragstart", (event) => { dragged = event.target.closest ? event.target.closest("[data-name]") : null; });
document.addEventListener("dragover", (event) => { if (dragged && event.target.closest("[data-name]")) event.preventDefault(); });
document.addEventListener("drop", (event) => {
  const other = event.target.closest("[data-name]");
  if (!dragged || !other || other === dragged) return;
  event.preventDefault();
  const box = other.getBoundingClientRect();
  order(dragged, other, event.clientY < box.top + box.height / 2 ? "before" : "after");
  dragged = null;
});

// Who else is here, and whether what is shown is still so.
async function look() {
  if (!bar() || document.hidden) return;
  const { base, version } = bar().dataset;
  try {
    const answer = await fetch(`${base}/seen?version=${version}`, { headers: { "X-Fragment": "1" } });
    if (answer.status === 401) expired();
    if (answer.ok && bar() && bar().dataset.version === version) document.querySelector("#seen").innerHTML = await answer.text();
  } catch { tell("连不上审稿台"); }
}
if (work()) setInterval(look, 20000);

// While the audio is made, the section of signatures comes again.
async function follow() {
  const sign = document.querySelector("#sign[data-busy]");
  if (!sign || document.hidden || sign.contains(document.activeElement) || written(sign)) return;
  try {
    const answer = await fetch(sign.dataset.busy, { headers: { "X-Fragment": "1" } });
    if (answer.ok && sign.isConnected) sign.outerHTML = await answer.text();
  } catch { tell("连不上审稿台"); }
}
if (work()) setInterval(follow, 2000);
