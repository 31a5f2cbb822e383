// Times and names as people read them.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });

const startOfDay = when => new Date(when.getFullYear(), when.getMonth(), when.getDate());
const daysAgo = when => Math.round((startOfDay(new Date()) - startOfDay(when)) / 86_400_000);

export const time = at => clock.format(new Date(at));

export function day(at) {
  const when = new Date(at);
  const days = daysAgo(when);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return days > 1 && days < 7 ? weekday.format(when) : date.format(when);
}

export const timeOrDay = at => (daysAgo(new Date(at)) === 0 ? time(at) : day(at));

export function lastSeen(presence) {
  if (!presence) return "";
  if (presence.state === "online") return "online";
  if (presence.state === "away") return "away";
  if (!presence.lastSeen) return "offline";
  const minutes = Math.floor((Date.now() - Date.parse(presence.lastSeen)) / 60_000);
  if (minutes < 1) return "last seen just now";
  if (minutes < 60) return `last seen ${minutes} min ago`;
  return `last seen ${day(presence.lastSeen).toLowerCase()} at ${time(presence.lastSeen)}`;
}

/** The id of the development sign-in is the name in small letters. */
export const idOf = name => name.trim().toLowerCase();

export const nameOf = id => id.split(" ").map(word => word.charAt(0).toUpperCase() + word.slice(1)).join(" ");

export function sentence(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
