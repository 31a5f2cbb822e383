// What the page knows. Conversations by id; a direct chat that does not exist yet has the id "to:NAME".
export class Store {
  constructor(me) {
    this.me = me;
    this.conversations = new Map();
    this.presence = new Map();
    this.open = null;
  }

  get(id) {
    if (!this.conversations.has(id)) {
      this.conversations.set(id, { id, kind: 'direct', members: [], lastActivity: null, unread: 0, entries: new Map(), pending: [], receipts: new Map(), typing: new Map(), known: false, loaded: false, more: false });
    }
    return this.conversations.get(id);
  }

  describe(wire) {
    const c = this.get(wire.id);
    Object.assign(c, { kind: wire.kind, title: wire.title, members: wire.members.map(m => m.user), lastActivity: wire.lastActivity, unread: wire.unread, read: wire.read, lastSeq: wire.lastSeq, known: true });
    if (wire.lastMessage) this.put(wire.lastMessage, true);
    return c;
  }

  other(c) { return c.id.startsWith('to:') ? c.id.slice(3) : c.members.find(user => user !== this.me) ?? this.me; }

  direct(user) { return [...this.conversations.values()].find(c => c.kind === 'direct' && (c.known || c.id.startsWith('to:')) && this.other(c) === user); }

  name(c) { return c.kind === 'direct' ? proper(this.other(c)) : c.title ?? 'Group'; }

  // The placeholder becomes the conversation, with what waits in it.
  adopt(user, id) {
    const placeholder = this.conversations.get(`to:${user}`);
    const c = this.get(id);
    if (!placeholder) return c;
    this.conversations.delete(placeholder.id);
    c.pending.push(...placeholder.pending);
    if (this.open === placeholder.id) this.open = id;
    if (!c.members.length) c.members = [this.me, user];
    c.loaded = true;
    return c;
  }

  put(entry, only) {
    const c = this.get(entry.conversation);
    if (entry.kind === 'edit' || entry.kind === 'deletion') {
      const target = c.entries.get(entry.target);
      if (target) Object.assign(target, entry.kind === 'edit' ? { text: entry.text, version: entry.seq } : { text: undefined, deleted: true });
    } else if (entry.kind === 'message' || entry.kind === 'membership') {
      c.entries.set(entry.seq, entry);
      c.pending = c.pending.filter(p => p.id !== entry.id || entry.from !== this.me);
    }
    if (!only && entry.kind === 'message' && (!c.lastActivity || entry.at > c.lastActivity)) c.lastActivity = entry.at;
    return c;
  }

  sorted(c) { return [...c.entries.values()].sort((a, b) => a.seq - b.seq); }

  raise(c, receipts) {
    for (const { user, delivered, read } of receipts) {
      const had = c.receipts.get(user) ?? { delivered: 0, read: 0 };
      c.receipts.set(user, { delivered: Math.max(had.delivered, delivered), read: Math.max(had.read, read) });
    }
  }

  // How many of the others have it.
  progress(c, seq) {
    const others = c.members.filter(user => user !== this.me);
    const count = mark => others.filter(user => (c.receipts.get(user)?.[mark] ?? 0) >= seq).length;
    return { total: others.length, delivered: count('delivered'), read: count('read') };
  }
}

export const proper = user => user.charAt(0).toUpperCase() + user.slice(1);
