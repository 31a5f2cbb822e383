// Starts the page: who is this tab, then connect and show.

import { startActivity, startComposer } from "./composer.js";
import { deviceId } from "./device.js";
import { $, avatar } from "./dom.js";
import { idOf, nameOf } from "./format.js";
import { renderList } from "./list-view.js";
import { Model } from "./model.js";
import { renderThread, startThread } from "./thread-view.js";

const person = idOf(new URLSearchParams(location.search).get("as") ?? "");
if (person === "") signIn();
else await start(person);

function signIn() {
  $("app").hidden = true;
  $("sign-in").hidden = false;
  $("name").value = nameOf(person);
  $("name").focus();
}

async function start(me) {
  let timer = 0;
  const model = new Model(me, await deviceId(me), () => { timer ||= setTimeout(render, 16); });
  $("app").hidden = false;
  $("me").textContent = nameOf(me);
  avatar($("me-avatar"), nameOf(me), me);
  startThread(model);
  startComposer(model);
  startActivity(model);
  startDialogs(model);
  $("back").addEventListener("click", () => model.show(null));
  setInterval(() => model.changed(), 30_000); // "Last seen" grows older.
  render();
  model.start();

  function render() {
    timer = 0;
    if (model.refusal) {
      if (model.refusal.code === "unauthenticated") return signIn();
      banner(`This tab was refused: ${model.refusal.message}`);
    } else {
      banner(model.state === "reconnecting" ? "No connection. Trying again … What you write is kept and sent then." : null);
    }
    $("state").textContent = { connecting: "connecting …", connected: "connected", reconnecting: "reconnecting …" }[model.state];
    $("app").dataset.state = model.state;
    renderThread(model);
    renderList(model);
    const unread = [...model.conversations.values()].reduce((sum, conversation) => sum + conversation.unread, 0);
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${nameOf(me)} – Messenger`;
  }
}

function banner(text) {
  $("banner").hidden = text === null;
  if (text !== null && $("banner").textContent !== text) $("banner").textContent = text;
}

function startDialogs(model) {
  dialog("new-chat", "chat-dialog", form => {
    const user = idOf(form.get("user"));
    if (user !== "" && user !== model.me) write({ user });
  });
  dialog("new-group", "group-dialog", form => {
    const users = [...new Set(form.get("users").split(",").map(idOf))].filter(user => user !== "" && user !== model.me);
    if (users.length > 0) model.createGroup(form.get("title").trim(), users);
  });

  function write(open) {
    model.show(open);
    setTimeout(() => $("text").focus(), 50);
  }
}

function dialog(button, id, done) {
  const element = $(id);
  const form = element.querySelector("form");
  $(button).addEventListener("click", () => { form.reset(); element.returnValue = ""; element.showModal(); });
  element.querySelector("[data-close]").addEventListener("click", () => element.close());
  element.addEventListener("close", () => { if (element.returnValue === "ok") done(new FormData(form)); });
}
