// What this tab keeps over a reload. sessionStorage belongs to the tab, so each tab is a device of its own.

const key = (person, name) => `messenger.${person}.${name}`;

export function load(person, name, otherwise) {
  const text = sessionStorage.getItem(key(person, name));
  return text === null ? otherwise : JSON.parse(text);
}

export const save = (person, name, value) => sessionStorage.setItem(key(person, name), JSON.stringify(value));

/** The id of this device. A duplicated tab starts with a copy of the storage; the lock tells it that the id is taken, and it becomes a new device. */
export async function deviceId(person) {
  let id = load(person, "device");
  if (!id || !(await hold(`messenger.device.${id}`))) {
    id = newId();
    save(person, "device", id);
    save(person, "outbox", []);
    save(person, "incarnation", null);
    await hold(`messenger.device.${id}`);
  }
  return id;
}

/** An id nobody else chooses: a UUID of version 7, which begins with the time, so that new ids lie together in the server's index. crypto.randomUUID exists in secure contexts only; the page also works over plain http in a local network. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
}

/** Holds a lock until the tab closes. A reload may have to wait a moment for the page before it; a tab that is alive never gives it. */
function hold(name) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise(resolve => {
    navigator.locks.request(name, { signal: AbortSignal.timeout(500) }, () => {
      resolve(true);
      return new Promise(() => {});
    }).catch(() => resolve(false));
  });
}
