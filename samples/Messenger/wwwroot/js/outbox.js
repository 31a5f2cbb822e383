// Commands that write the log, until they are answered: kept over a reload, sent in order, always with the same id.

import { load, newId, save } from "./device.js";
import { isTransient } from "./link.js";

const laneOf = command => command.conversation ?? `to:${command.to ?? command.id}`;

export class Outbox {
  #retries = new Map(); // lane → timer

  constructor(person, link) {
    this.person = person;
    this.link = link;
    this.items = load(person, "outbox", []);
  }

  add(command) {
    const item = { command: { ...command, id: newId() }, at: new Date().toISOString(), error: null };
    this.items.push(item);
    this.#save();
    // While an earlier command of the lane waits for its second try, this one waits behind it.
    if (!this.#retries.has(laneOf(item.command))) this.link.send(item.command);
    return item;
  }

  /** After Hello: everything unanswered again, in order. What was stored already is answered as a duplicate. */
  resend() {
    for (const timer of this.#retries.values()) clearTimeout(timer);
    this.#retries.clear();
    this.link.send(...this.items.filter(item => !item.error).map(item => item.command));
  }

  /** Takes the item an answer names out; null when the answer is to something else. */
  accepted(event) {
    const index = this.items.findIndex(item => item.command.id === event.id);
    if (index < 0) return null;
    const [item] = this.items.splice(index, 1);
    this.#save();
    return item;
  }

  refused(event) {
    const item = this.items.find(one => one.command.id === event.id);
    if (!item) return false;
    if (isTransient(event.code)) {
      this.#retryLane(laneOf(item.command), event.retryAfter ?? 500);
    } else {
      item.error = event.message ?? event.code;
      this.#save();
    }
    return true;
  }

  /** The log has the command: its answer was lost, or comes later. */
  forget(id) {
    return this.accepted({ id });
  }

  #retryLane(lane, milliseconds) {
    if (this.#retries.has(lane)) return;
    this.#retries.set(lane, setTimeout(() => {
      this.#retries.delete(lane);
      this.link.send(...this.items.filter(item => !item.error && laneOf(item.command) === lane).map(item => item.command));
    }, Math.max(100, milliseconds)));
  }

  #save() {
    save(this.person, "outbox", this.items);
  }
}
