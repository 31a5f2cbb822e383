// The connection of docs/protocol.md: Hello, Frames, events, acknowledgements, and connecting again.

const ackAfter = 100; // ms
const ackEntries = 64;
const maxCommands = 256;
const transient = new Set(["out_of_order", "rate_limited", "overloaded", "unavailable", "slow_consumer", "shutting_down"]);

export const isTransient = code => transient.has(code);

export class Refusal extends Error {
  constructor(code, message) {
    super(message ?? code);
    this.code = code;
  }
}

export class Link {
  #connection = null;
  #queue = [];
  #flushing = false;
  #asked = new Map(); // id → {resolve, reject}
  #positions = new Map(); // conversation → seq
  #unacked = new Map();
  #unackedEntries = 0;
  #unackedSince = 0;
  #ackTimer = 0;
  #number = 0;
  #wake = null;

  /** handlers: welcome(reply), event(frame), state("connecting" | "connected" | "reconnecting"), refused(refusal) */
  constructor(options, handlers) {
    this.options = options; // {url, device, user, incarnation}
    this.handlers = handlers;
    this.connected = false;
    addEventListener("online", () => this.#wake?.());
  }

  async run() {
    this.handlers.state("connecting");
    for (let failures = 0; ; failures++) {
      try {
        await this.#connect(() => { failures = 0; });
      } catch (error) {
        if (error instanceof Refusal && !isTransient(error.code)) {
          this.handlers.refused(error);
          return;
        }
      }
      this.handlers.state("reconnecting");
      await this.#pause(Math.random() * Math.min(5000, 300 * 2 ** Math.min(failures, 10)));
    }
  }

  /** Sends a command if there is a connection; the order of calls is the order on the wire. */
  send(...commands) {
    if (!this.connected) return false;
    this.#queue.push(...commands);
    // What has waited for half of what it may goes along and needs no call of its own.
    const waits = this.#ackTimer && performance.now() - this.#unackedSince >= ackAfter / 2;
    if (waits || this.#unackedEntries >= ackEntries / 2) this.#acknowledge();
    if (!this.#flushing) {
      this.#flushing = true;
      queueMicrotask(() => this.#flush());
    }
    return true;
  }

  /** Asks a question; the promise is the result's event. */
  ask(command) {
    const id = `q${++this.#number}`;
    return new Promise((resolve, reject) => {
      if (this.send({ ...command, id })) this.#asked.set(id, { resolve, reject });
      else reject(new Refusal("unavailable", "No connection."));
    });
  }

  /** Whether an entry is new to this device. */
  isNew(conversation, seq) {
    return seq > (this.#positions.get(conversation) ?? 0);
  }

  /** Everything up to seq is kept; tells the server within 100 ms or 64 entries, for all conversations at once. */
  kept(conversation, seq) {
    if (!this.isNew(conversation, seq)) return;
    this.#positions.set(conversation, seq);
    this.#unacked.set(conversation, seq);
    if (++this.#unackedEntries >= ackEntries) this.#acknowledge();
    else if (!this.#ackTimer) {
      this.#unackedSince = performance.now();
      this.#ackTimer = setTimeout(() => this.#acknowledge(), ackAfter);
    }
  }

  async #connect(succeeded) {
    const connection = new signalR.HubConnectionBuilder().withUrl(this.options.url).configureLogging(signalR.LogLevel.None).build();
    const closed = new Promise(resolve => connection.onclose(resolve));
    connection.on("events", events => events.forEach(event => this.#take(event)));
    try {
      await connection.start();
    } catch (error) {
      if (/\b401\b/.test(error.message)) throw new Refusal("unauthenticated", "You are not signed in.");
      throw error;
    }

    this.#connection = connection;
    try {
      const reply = await connection.invoke("Hello", {
        versions: [1],
        device: this.options.device,
        incarnation: this.options.incarnation ?? undefined,
        cursors: [...this.#positions].slice(-10_000).map(([conversation, seq]) => ({ conversation, seq })),
      });
      if (reply.code) throw new Refusal(reply.code, reply.message);
      if (reply.user !== this.options.user) throw new Refusal("unauthenticated", "Somebody else is signed in.");
      if (reply.reset) this.#positions.clear();
      this.options.incarnation = reply.incarnation;
      this.connected = true;
      succeeded();
      this.send({ t: "ack", cursors: [] }); // Events begin after the first call of Frames.
      this.handlers.welcome(reply);
      this.handlers.state("connected");
      await closed;
    } finally {
      this.#disconnected();
      await connection.stop();
    }
  }

  async #flush() {
    this.#flushing = false;
    while (this.connected && this.#queue.length > 0) {
      const commands = this.#queue.splice(0, maxCommands);
      // A failed call means a lost connection: what must not be lost is in the outbox and is sent again.
      this.#connection.invoke("Frames", commands).catch(() => this.#connection?.stop());
    }
  }

  #take(event) {
    const asked = event.id && this.#asked.get(event.id);
    if (asked) {
      this.#asked.delete(event.id);
      if (event.t === "refused") asked.reject(new Refusal(event.code, event.message));
      else asked.resolve(event);
      return;
    }
    this.handlers.event(event);
  }

  #acknowledge() {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = 0;
    this.#unackedEntries = 0;
    const cursors = [...this.#unacked].map(([conversation, seq]) => ({ conversation, seq }));
    this.#unacked.clear(); // Without a connection the next Hello says it.
    if (cursors.length > 0) this.send({ t: "ack", cursors });
  }

  #disconnected() {
    this.connected = false;
    this.#connection = null;
    this.#queue = [];
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { reject } of asked) reject(new Refusal("unavailable", "The connection was lost."));
  }

  #pause(milliseconds) {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => { clearTimeout(timer); resolve(); };
    });
  }
}
