// The list of conversations.

import { $, avatar, h, reconcile } from "./dom.js";
import { nameOf, sentence, timeOrDay } from "./format.js";

export function titleOf(model, conversation) {
  if (conversation.kind === "group") return conversation.title ?? "Group";
  const user = model.peer(conversation);
  return conversation.members.find(member => member.user === user)?.name ?? nameOf(user);
}

export function nameIn(conversation, user) {
  return conversation?.members.find(member => member.user === user)?.name ?? nameOf(user);
}

export function renderList(model) {
  const selected = model.current?.id;
  reconcile($("list"), model.sorted().map(conversation => {
    const typists = model.typists(conversation.id).map(user => nameIn(conversation, user));
    const presence = conversation.kind === "direct" ? model.presence.get(model.peer(conversation))?.state ?? "offline" : "none";
    const row = {
      title: titleOf(model, conversation),
      preview: typists.length > 0 ? typingText(conversation, typists) : preview(model, conversation),
      typing: typists.length > 0,
      when: timeOrDay(conversation.lastActivity),
      unread: conversation.unread,
      selected: conversation.id === selected,
      presence,
    };
    return { key: conversation.id, signature: JSON.stringify(row), make: () => makeRow(model, conversation, row), refill: item => fillRow(item.firstElementChild, model, conversation, row) };
  }));
  $("list-empty").hidden = !model.listed || model.conversations.size > 0;
}

export const typingText = (conversation, names) =>
  conversation.kind === "direct" ? "typing …" : `${sentence(names)} ${names.length === 1 ? "is" : "are"} typing …`;

function makeRow(model, conversation, row) {
  const open = () => model.show(conversation.kind === "direct" ? { user: model.peer(conversation) } : { conversation: conversation.id });
  return h("li", {}, fillRow(h("button", { class: "row", onclick: open }), model, conversation, row));
}

function fillRow(button, model, conversation, row) {
  const key = conversation.kind === "direct" ? model.peer(conversation) : conversation.id;
  const picture = avatar(h("span", { class: "avatar", "data-presence": row.presence }), row.title, key);
  if (row.selected) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  button.setAttribute("aria-label", `${row.title}${row.unread > 0 ? `, ${row.unread} unread` : ""}${row.presence === "online" ? ", online" : ""}: ${row.preview}`);
  button.dataset.title = row.title;
  button.replaceChildren(
    picture,
    h("span", { class: "grow" },
      h("span", { class: "line" }, h("strong", {}, row.title), h("time", { class: row.unread > 0 ? "fresh" : null }, row.when)),
      h("span", { class: "line" },
        h("span", { class: row.typing ? "preview is-typing" : "preview" }, row.preview),
        row.unread > 0 ? h("span", { class: "badge" }, String(row.unread)) : null)));
  return button;
}

function preview(model, conversation) {
  const message = conversation.lastMessage;
  if (!message) return "No messages yet";
  const text = message.deleted ? "Message deleted" : message.text ?? "Attachment";
  if (message.from === model.me) return `You: ${text}`;
  return conversation.kind === "group" ? `${nameIn(conversation, message.from)}: ${text}` : text;
}
