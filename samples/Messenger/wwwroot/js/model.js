// What this device knows: conversations, messages, marks, presence, typing. Views read it; events change it.

import { load, save } from "./device.js";
import { Link } from "./link.js";
import { Outbox } from "./outbox.js";

const screenSize = () => `${Math.max(1, innerWidth)}x${Math.max(1, innerHeight)}`;

export class Model {
  constructor(person, device, changed) {
    this.me = person;
    this.changed = changed;
    this.state = "connecting";
    this.refusal = null;
    this.listed = false;
    this.conversations = new Map(); // id → the wire's conversation
    this.threads = new Map(); // id → {messages: Map(seq → entry), from, more, loading, loaded}
    this.marks = new Map(); // id → Map(user → {delivered, read})
    this.presence = new Map();
    this.typing = new Map(); // id → Map(user → when it ends, on this clock)
    this.open = null; // {conversation} or {user}
    this.looking = false; // Whether the end of the open conversation is on the screen.
    this.watched = "";
    this.asking = new Map(); // conversations asked for → whether to ask once more
    this.marked = new Set(); // conversations whose marks were asked for on this connection
    this.link = new Link(
      { url: `chat/hub?as=${encodeURIComponent(person)}`, user: person, device, incarnation: load(person, "incarnation", null) },
      {
        welcome: reply => this.#welcome(reply),
        event: event => { this.#apply(event); this.changed(); },
        state: state => { this.state = state; this.changed(); },
        refused: refusal => { this.refusal = refusal; this.changed(); },
      });
    this.outbox = new Outbox(person, this.link);
  }

  start() { void this.link.run(); }

  // Reading -----------------------------------------------------------------

  /** The open conversation, when it exists. */
  get current() {
    if (!this.open) return null;
    return this.open.conversation ? this.conversations.get(this.open.conversation) ?? null : this.directWith(this.open.user);
  }

  directWith(user) {
    for (const conversation of this.conversations.values()) {
      if (conversation.kind === "direct" && this.peer(conversation) === user) return conversation;
    }
    return null;
  }

  peer(conversation) {
    return conversation.members.find(member => member.user !== this.me)?.user ?? this.me;
  }

  others(conversation) {
    return conversation.members.filter(member => member.user !== this.me);
  }

  sorted() {
    return [...this.conversations.values()].sort((one, other) => Date.parse(other.lastActivity) - Date.parse(one.lastActivity));
  }

  /** Messages on their way to the open conversation. */
  pending() {
    const conversation = this.current;
    const user = this.open?.user ?? (conversation?.kind === "direct" ? this.peer(conversation) : null);
    return this.outbox.items.filter(({ command }) => command.t === "send"
      && ((command.to && command.to === user) || (command.conversation && command.conversation === conversation?.id)));
  }

  /** How far an own message has got: {state, read, delivered, total, readers}. */
  progress(conversation, seq) {
    const others = this.others(conversation);
    const marks = this.marks.get(conversation.id);
    const readers = others.filter(member => (marks?.get(member.user)?.read ?? 0) >= seq);
    const delivered = others.filter(member => (marks?.get(member.user)?.delivered ?? 0) >= seq).length;
    const total = others.length;
    const state = total > 0 && readers.length === total ? "read" : total > 0 && delivered === total ? "delivered" : "sent";
    return { state, read: readers.length, delivered, total, readers };
  }

  typists(id) {
    return [...this.typing.get(id) ?? []].filter(([, until]) => until > Date.now()).map(([user]) => user);
  }

  // Doing -------------------------------------------------------------------

  show(open) {
    this.open = open;
    this.looking = false;
    this.#loadOpen();
    this.#watch();
    this.changed();
  }

  sendText(text) {
    const to = this.open.user ? { to: this.open.user } : { conversation: this.open.conversation };
    this.outbox.add({ t: "send", ...to, text });
    this.changed();
  }

  createGroup(title, users) {
    this.outbox.add({ t: "createGroup", title, users });
  }

  drop(item) {
    this.outbox.forget(item.command.id);
    this.changed();
  }

  say(command) { this.link.send(command); }

  /** The end of the open conversation is seen: everything in it is read. */
  markRead() {
    const conversation = this.current;
    const thread = conversation && this.threads.get(conversation.id);
    if (!thread?.loaded || !this.looking || document.visibilityState !== "visible" || conversation.lastSeq <= conversation.read) return;
    if (this.link.send({ t: "read", conversation: conversation.id, seq: conversation.lastSeq })) {
      conversation.read = conversation.lastSeq;
      conversation.unread = 0;
    }
  }

  async loadOlder() {
    const conversation = this.current;
    const thread = conversation && this.threads.get(conversation.id);
    if (!thread?.loaded || !thread.more || thread.loading) return;
    await this.#load(conversation.id, thread, { before: thread.from });
  }

  // Connection --------------------------------------------------------------

  #welcome(reply) {
    save(this.me, "incarnation", reply.incarnation);
    if (reply.reset) {
      this.conversations.clear();
      this.threads.clear();
      this.marks.clear();
    }
    this.skew = Date.parse(reply.now) - Date.now();
    this.activityInterval = reply.activityInterval;
    this.watched = "";
    this.marked.clear();
    this.outbox.resend();
    void this.#list();
  }

  async #list() {
    try {
      for (let page; ;) {
        const { conversations } = await this.link.ask({ t: "conversations", limit: 100, page });
        conversations.conversations.forEach(conversation => this.#merge(conversation));
        page = conversations.next;
        if (!page || this.conversations.size >= 500) break;
      }
      this.listed = true;
      this.#loadOpen();
      this.#watch();
      this.changed();
    } catch (error) {
      this.#failed(error);
    }
  }

  async #details(id) {
    if (this.asking.has(id)) {
      this.asking.set(id, true);
      return;
    }
    this.asking.set(id, false);
    try {
      this.#merge((await this.link.ask({ t: "conversation", conversation: id })).details);
      this.#loadOpen();
      this.#watch();
      this.changed();
    } catch (error) {
      this.#failed(error);
    } finally {
      const again = this.asking.get(id);
      this.asking.delete(id);
      if (again && this.link.connected) void this.#details(id);
    }
  }

  #loadOpen() {
    const conversation = this.current;
    if (!conversation || !this.link.connected) return;
    let thread = this.threads.get(conversation.id);
    if (!thread) {
      thread = { messages: new Map(), from: 0, more: false, loading: false, loaded: false };
      this.threads.set(conversation.id, thread);
    }
    if (!thread.loaded && !thread.loading) void this.#load(conversation.id, thread, {});
    if (this.marked.has(conversation.id)) return;
    this.marked.add(conversation.id); // Marks are state: asked for once a connection, from then on they are told.
    this.link.ask({ t: "receipts", conversation: conversation.id })
      .then(event => { this.#mark(conversation.id, event.receipts ?? []); this.changed(); }, error => this.#failed(error));
  }

  async #load(id, thread, range) {
    thread.loading = true;
    this.changed();
    try {
      const { messages: page } = await this.link.ask({ t: "messages", conversation: id, screenSize: screenSize(), ...range });
      for (const message of page.messages) this.#put(thread, message);
      thread.from = page.from;
      thread.more = page.hasMore;
      thread.loaded = true;
    } catch (error) {
      this.#failed(error);
    } finally {
      thread.loading = false;
      this.changed();
    }
  }

  /** A lost connection repeats its questions after the next Hello; anything else is a fault of this page and belongs in the console. */
  #failed(error) {
    if (error.code !== "unavailable" && error.code !== "not_member") console.error(error);
  }

  #watch() {
    const users = new Set();
    if (this.open?.user) users.add(this.open.user);
    if (this.current) this.others(this.current).forEach(member => users.add(member.user));
    for (const conversation of this.sorted()) if (conversation.kind === "direct") users.add(this.peer(conversation));
    users.delete(this.me);
    const list = [...users].slice(0, 200);
    if (!this.link.connected || this.watched === list.join("\n")) return;
    this.watched = list.join("\n");
    this.link.ask({ t: "watch", users: list })
      .then(event => { this.#setPresence(event.presence); this.changed(); }, error => this.#failed(error));
  }

  // Events ------------------------------------------------------------------

  #apply(event) {
    switch (event.t) {
      case "entry": return this.#entry(event.entry);
      case "skip": return this.link.kept(event.conversation, event.to);
      case "accepted": return this.#accepted(event);
      case "refused": return void this.outbox.refused(event);
      case "receipts": return this.#mark(event.conversation, event.receipts);
      case "unread": return this.#unread(event);
      case "typing": return this.#typing(event.conversation, event.user, event.until);
      case "presence": return this.#setPresence(event.presence);
      default: return undefined; // Tags of later versions.
    }
  }

  #accepted(event) {
    const item = this.outbox.accepted(event);
    if (!item) return;
    const { command } = item;
    if (command.t === "send") {
      const thread = this.threads.get(event.conversation);
      if (thread) {
        this.#put(thread, {
          conversation: event.conversation, seq: event.seq, at: event.at, kind: "message", from: this.me, id: command.id, text: command.text,
        });
      }
    }
    if (!this.conversations.has(event.conversation)) void this.#details(event.conversation);
    if (command.t === "createGroup") this.show({ conversation: event.conversation });
  }

  #entry(entry) {
    const { conversation: id, seq } = entry;
    if (!this.link.isNew(id, seq)) return; // Comes again after a reconnect.
    const conversation = this.conversations.get(id);
    const thread = this.threads.get(id);
    if (entry.from === this.me) this.outbox.forget(entry.id);
    if (entry.kind === "message") {
      if (thread) this.#put(thread, entry);
      this.typing.get(id)?.delete(entry.from);
    } else if (entry.kind === "edit" || entry.kind === "deletion") {
      this.#change(thread?.messages.get(entry.target), entry);
      if (conversation?.lastMessage?.seq === entry.target) this.#change(conversation.lastMessage, entry);
    }

    if (!conversation || entry.kind === "membership") void this.#details(id);
    if (conversation && seq > conversation.lastSeq) {
      conversation.lastSeq = seq;
      if (entry.kind === "message") {
        conversation.lastMessage = entry;
        conversation.lastActivity = entry.at;
      }
      if (entry.from === this.me) {
        conversation.read = seq;
        conversation.unread = 0;
      } else if (entry.counts && seq > conversation.read) {
        conversation.unread++;
      }
    }
    this.link.kept(id, seq);
  }

  #change(message, entry) {
    if (!message || (message.version ?? 0) >= entry.seq) return;
    message.version = entry.seq;
    message.text = entry.text;
    message.deleted = entry.kind === "deletion";
  }

  #put(thread, message) {
    const present = thread.messages.get(message.seq);
    if (!present || (message.version ?? 0) >= (present.version ?? 0)) thread.messages.set(message.seq, message);
  }

  #merge(wire) {
    const known = this.conversations.get(wire.id);
    // An answer may be older than the entries that overtook it.
    const { lastSeq, lastMessage, lastActivity, read, unread } = known && known.lastSeq > wire.lastSeq ? known : wire;
    this.conversations.set(wire.id, { ...wire, lastSeq, lastMessage, lastActivity, read, unread });
  }

  #mark(id, receipts) {
    if (!this.marks.has(id)) this.marks.set(id, new Map());
    const marks = this.marks.get(id);
    for (const { user, delivered, read } of receipts) {
      const before = marks.get(user) ?? { delivered: 0, read: 0 };
      marks.set(user, { delivered: Math.max(before.delivered, delivered), read: Math.max(before.read, read) });
    }
  }

  #unread({ conversation: id, seq, unread }) {
    const conversation = this.conversations.get(id);
    if (!conversation || seq < conversation.read) return;
    conversation.read = seq;
    conversation.unread = unread;
  }

  #typing(id, user, until) {
    if (user === this.me) return;
    if (!this.typing.has(id)) this.typing.set(id, new Map());
    if (!until) {
      this.typing.get(id).delete(user);
      return;
    }
    const end = Date.parse(until) - this.skew;
    this.typing.get(id).set(user, end);
    setTimeout(this.changed, Math.max(0, end - Date.now()) + 50);
  }

  #setPresence(list) {
    for (const presence of list ?? []) this.presence.set(presence.user, presence);
  }
}
