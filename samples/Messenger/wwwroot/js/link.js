// The wire (docs/protocol.md): one connection at a time, Hello, frames, acknowledgements, answers, and the outbox.
const transient = new Set(['out_of_order', 'rate_limited', 'unavailable', 'overloaded', 'shutting_down']);
const wait = ms => new Promise(done => setTimeout(done, ms));

export class Link {
  constructor(user, on) {
    this.on = on; // connected(reset), disconnected(), event(e)
    const keep = key => `${user}.${key}`;
    this.outboxKey = keep('outbox');
    // A tab is a device: sessionStorage survives a reload, and is the tab's own.
    this.device = sessionStorage.getItem(keep('device')) ?? `web-${crypto.randomUUID()}`;
    sessionStorage.setItem(keep('device'), this.device);
    this.outbox = JSON.parse(sessionStorage.getItem(this.outboxKey) ?? '[]');
    this.cursors = new Map();
    this.unacked = new Map();
    this.unackedCount = 0;
    this.waiting = new Map();
    this.ids = 0;
  }

  async run() {
    for (let attempt = 0; ; attempt++) {
      if (await this.session(() => { attempt = 0; })) return;
      await wait(Math.min(5000, 300 * 2 ** attempt) * (0.75 + Math.random() / 2));
    }
  }

  // One connection, from start to end. True when there shall be no other.
  async session(ready) {
    const hub = new signalR.HubConnectionBuilder().withUrl('chat/hub').configureLogging(signalR.LogLevel.None).build();
    const closed = new Promise(done => hub.onclose(done));
    let final = false;
    hub.on('events', events => {
      for (const e of events) {
        if (e.t === 'goodbye' && e.code === 'device_revoked') final = true;
        this.receive(e);
      }
    });
    try {
      await hub.start();
      const reply = await hub.invoke('Hello', {
        versions: [1], device: this.device, incarnation: this.incarnation,
        cursors: [...this.cursors].map(([conversation, seq]) => ({ conversation, seq })),
      });
      if (reply.code) return reply.code === 'device_revoked' || reply.code === 'unsupported_version';
      this.incarnation = reply.incarnation;
      this.activityInterval = reply.activityInterval;
      this.clock = Date.parse(reply.now) - Date.now();
      if (reply.reset) this.cursors.clear();
      this.unacked.clear();
      this.hub = hub;
      // Events begin after the first call; what waits in the outbox goes first, in order, with the ids it had.
      this.frames([{ t: 'ack', cursors: [] }]);
      this.resend();
      ready();
      this.on.connected(reply.reset);
      await closed;
    } catch {
      await hub.stop(); // not reachable, or gone in the middle: the loop tries again
    }
    this.hub = null;
    for (const { reject } of this.waiting.values()) reject({ code: 'disconnected' });
    this.waiting.clear();
    this.on.disconnected();
    return final;
  }

  frames(commands) {
    // A call that fails means that the connection is ending: the outbox is sent on the next one.
    this.hub?.invoke('Frames', commands).catch(() => {});
  }

  // A question; answered by result, or rejected with the refusal.
  ask(command) {
    const id = `q${++this.ids}`;
    return new Promise((resolve, reject) => {
      if (!this.hub) return reject({ code: 'disconnected' });
      this.waiting.set(id, { resolve, reject });
      this.frames([{ ...command, id }]);
    });
  }

  // A command that writes: kept until it is answered, over reconnects and reloads.
  write(command) {
    const item = { ...command, id: crypto.randomUUID() };
    this.outbox.push(item);
    this.save();
    this.frames([item]);
    return item;
  }

  resend() {
    for (let i = 0; i < this.outbox.length; i += 100) this.frames(this.outbox.slice(i, i + 100));
  }

  save() { sessionStorage.setItem(this.outboxKey, JSON.stringify(this.outbox)); }

  settle(id) {
    const at = this.outbox.findIndex(item => item.id === id);
    if (at < 0) return;
    this.outbox.splice(at, 1);
    this.save();
  }

  receive(e) {
    if (e.t === 'result' || (e.t === 'refused' && this.waiting.has(e.id))) {
      const question = this.waiting.get(e.id);
      this.waiting.delete(e.id);
      if (e.t === 'result') question?.resolve(e); else question.reject(e);
      return;
    }
    if (e.t === 'refused' && transient.has(e.code)) {
      this.later ??= setTimeout(() => { this.later = null; this.resend(); }, e.retryAfter ?? 500);
      return;
    }
    if (e.t === 'accepted' || e.t === 'refused') this.settle(e.id);
    if (e.t === 'entry' || e.t === 'skip') {
      const conversation = e.entry?.conversation ?? e.conversation;
      const seq = e.entry?.seq ?? e.to;
      const known = seq <= (this.cursors.get(conversation) ?? 0);
      this.ack(conversation, Math.max(seq, this.cursors.get(conversation) ?? 0));
      if (known) return;
      if (e.entry?.id) this.settle(e.entry.id);
    }
    this.on.event(e);
  }

  // One vector for all conversations, after 100 ms or 64 entries.
  ack(conversation, seq) {
    this.cursors.set(conversation, seq);
    this.unacked.set(conversation, seq);
    if (++this.unackedCount >= 64) return this.flush();
    this.timer ??= setTimeout(() => this.flush(), 100);
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = null;
    this.unackedCount = 0;
    if (this.unacked.size && this.hub) {
      this.frames([{ t: 'ack', cursors: [...this.unacked].map(([conversation, seq]) => ({ conversation, seq })) }]);
      this.unacked.clear();
    }
  }
}
