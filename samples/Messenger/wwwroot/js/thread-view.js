// The open conversation.

import { $, avatar, h, icon, reconcile } from "./dom.js";
import { day, lastSeen, nameOf, time } from "./format.js";
import { nameIn, titleOf, typingText } from "./list-view.js";

const near = 60; // px
let shown = null;
let from = 0; // Where what is shown of the log begins.
let stick = true; // Whether the end stays in view.

export function startThread(model) {
  const scroll = $("scroll");
  scroll.addEventListener("scroll", () => {
    stick = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < near;
    look(model);
    if (scroll.scrollTop < 300) void model.loadOlder();
  }, { passive: true });
  document.addEventListener("visibilitychange", () => look(model));
  // A keyboard that opens, a window that changes, a picture of the composer that grows: the end stays in view.
  new ResizeObserver(() => { if (stick) toEnd(); }).observe(scroll);
}

export function renderThread(model) {
  const conversation = model.current;
  const key = model.open ? model.open.user ?? model.open.conversation : null;
  document.body.classList.toggle("has-thread", key !== null);
  $("nothing").hidden = key !== null;
  $("thread").hidden = key === null;
  if (key === null) return;
  if (key !== shown) {
    shown = key;
    stick = true;
    $("messages").replaceChildren();
  }

  renderHead(model, conversation);
  const scroll = $("scroll");
  const below = scroll.scrollHeight - scroll.scrollTop;
  const thread = conversation && model.threads.get(conversation.id);
  $("older").hidden = !thread?.loading || !thread.loaded;
  reconcile($("messages"), items(model, conversation, thread));
  if (stick) toEnd();
  else if (thread && thread.from < from) scroll.scrollTop = scroll.scrollHeight - below; // Older ones came above: what is read stays in place.
  from = thread?.from ?? 0;

  const typists = conversation ? model.typists(conversation.id).map(user => nameIn(conversation, user)) : [];
  $("typing").textContent = typists.length === 0 ? "" : conversation.kind === "direct" ? `${typists[0]} is typing …` : typingText(conversation, typists);
  look(model);
  if (thread?.loaded && thread.more && scroll.scrollHeight <= scroll.clientHeight) void model.loadOlder();
}

/** An own message is to be seen, wherever the reader was. */
export function follow() { stick = true; }

function toEnd() {
  const scroll = $("scroll");
  scroll.scrollTop = scroll.scrollHeight;
}

function look(model) {
  model.looking = stick;
  model.markRead();
}

function renderHead(model, conversation) {
  const user = model.open.user;
  const title = conversation ? titleOf(model, conversation) : nameOf(user ?? "");
  const presence = user ? model.presence.get(user) : null;
  $("thread-title").textContent = title;
  const picture = avatar($("thread-avatar"), title, user ?? model.open.conversation);
  picture.dataset.presence = user ? presence?.state ?? "offline" : "none";
  $("thread-status").textContent = user ? lastSeen(presence) : conversation ? groupStatus(model, conversation) : "";
}

function groupStatus(model, conversation) {
  const others = model.others(conversation);
  const online = others.filter(member => model.presence.get(member.user)?.state === "online").length;
  const names = ["You", ...others.map(member => member.name ?? nameOf(member.user))].join(", ");
  return online > 0 ? `${names} · ${online} online` : names;
}

function items(model, conversation, thread) {
  const result = [];
  let lastDay = null;
  let before = null;
  const separate = at => {
    const text = day(at);
    if (text !== lastDay) {
      lastDay = text;
      before = null;
      result.push({ key: `day ${text}`, signature: text, make: () => h("li", { class: "day" }, h("span", {}, text)) });
    }
  };

  for (const message of [...thread?.messages.values() ?? []].sort((one, other) => one.seq - other.seq)) {
    separate(message.at);
    const view = viewOf(model, conversation, message, before);
    before = message.from;
    result.push({ key: message.id ?? `#${message.seq}`, signature: JSON.stringify(view), make: () => bubble(view) });
  }

  for (const item of model.pending()) {
    separate(item.at);
    const state = item.error ? "failed" : "pending";
    const view = { mine: true, first: before !== model.me, text: item.command.text, at: time(item.at), state, label: item.error ?? "Waiting" };
    before = model.me;
    result.push({ key: item.command.id, signature: JSON.stringify(view), make: () => bubble(view, () => model.drop(item)) });
  }

  if (result.length === 0 && (!conversation || thread?.loaded)) {
    result.push({ key: "empty", signature: "", make: () => h("li", { class: "hint" }, "No messages yet. Say hello!") });
  }
  return result;
}

function viewOf(model, conversation, message, before) {
  const mine = message.from === model.me;
  const view = {
    mine,
    first: before !== message.from,
    text: message.deleted ? "This message was deleted" : message.text ?? "Attachment (not shown by this sample)",
    deleted: Boolean(message.deleted),
    edited: Boolean(message.version) && !message.deleted,
    at: time(message.at),
    author: !mine && conversation.kind === "group" && before !== message.from ? nameIn(conversation, message.from) : null,
  };
  if (mine && !message.deleted) {
    const progress = model.progress(conversation, message.seq);
    view.state = progress.state;
    view.label = { sent: "Sent", delivered: "Delivered", read: "Read" }[progress.state];
    if (conversation.kind === "group" && progress.total > 0) {
      view.count = progress.read > 0 ? `${progress.read} of ${progress.total}` : progress.delivered > 0 ? `${progress.delivered} of ${progress.total}` : null;
      view.label = `Delivered to ${progress.delivered} of ${progress.total}, read by ${progress.read} of ${progress.total}`
        + (progress.read > 0 ? `: ${progress.readers.map(member => member.name ?? nameOf(member.user)).join(", ")}` : "");
      view.count &&= progress.read > 0 ? `read ${view.count}` : view.count;
    }
  }
  return view;
}

function bubble(view, drop) {
  const icons = { pending: "pending", sent: "sent", delivered: "double", read: "double", failed: "failed" };
  const meta = h("span", { class: "meta", title: view.state ? view.label : null },
    view.edited ? h("span", {}, "edited") : null,
    view.count ? h("span", { class: "count" }, view.count) : null,
    h("time", {}, view.at),
    view.state ? icon(icons[view.state], view.label) : null);
  return h("li", { class: `message${view.mine ? " mine" : ""}${view.first ? " first" : ""}`, "data-state": view.state ?? "received" },
    h("div", { class: "bubble" },
      view.author ? h("span", { class: "author" }, view.author) : null,
      h("span", { class: view.deleted ? "text deleted" : "text" }, view.text),
      meta),
    view.state === "failed" ? h("p", { class: "failure" }, `Not sent: ${view.label} `, h("button", { class: "quiet", type: "button", onclick: drop }, "Remove")) : null);
}
