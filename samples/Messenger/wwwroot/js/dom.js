// The few helpers the views need.

export const $ = id => document.getElementById(id);

/** Makes an element; texts go in as text, never as HTML. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(child => child != null));
  return element;
}

export function icon(name, label) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#${name}`);
  svg.setAttribute("class", `tick ${name}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  svg.append(use);
  return svg;
}

/** Makes the children of a parent those of the items: kept, moved, replaced or removed by key. An item is {key, signature, make}, and {refill} where
    a change must keep the element: a click whose element is replaced between press and release is lost. */
export function reconcile(parent, items) {
  const present = new Map([...parent.children].map(child => [child.dataset.key, child]));
  let next = parent.firstElementChild;
  for (const item of items) {
    let element = present.get(item.key);
    present.delete(item.key);
    if (element && item.refill && element.dataset.signature !== item.signature) {
      item.refill(element);
      element.dataset.signature = item.signature;
    } else if (!element || element.dataset.signature !== item.signature) {
      const focused = element?.contains(document.activeElement);
      const made = item.make();
      made.dataset.key = item.key;
      made.dataset.signature = item.signature;
      if (element) {
        if (next === element) next = made;
        element.replaceWith(made);
      }
      element = made;
      if (focused) (element.querySelector("button") ?? element).focus();
    }
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
  for (const gone of present.values()) gone.remove();
}

const hues = [222, 262, 300, 335, 8, 28, 150, 175, 198];

export function avatar(element, name, key) {
  let hash = 0;
  for (const character of key) hash = Math.imul(hash ^ character.codePointAt(0), 2654435761) >>> 0;
  const letters = name.split(/\s+/).filter(Boolean).slice(0, 2).map(word => [...word][0].toUpperCase()).join("");
  if (element.firstChild?.data !== letters) element.textContent = letters;
  element.style.setProperty("--hue", hues[(hash >>> 8) % hues.length]);
  element.setAttribute("aria-hidden", "true");
  return element;
}
