// Writing: Enter sends, Shift+Enter makes a new line, every key says "typing" at most every two seconds.

import { $ } from "./dom.js";
import { follow } from "./thread-view.js";

const typingEvery = 2000; // ms

export function startComposer(model) {
  const form = $("composer");
  const text = $("text");
  let saidAt = 0;

  const say = typing => {
    const conversation = model.current?.id;
    if (!conversation || (typing && Date.now() - saidAt < typingEvery) || (!typing && saidAt === 0)) return;
    saidAt = typing ? Date.now() : 0;
    model.say({ t: "typing", conversation, typing });
  };

  form.addEventListener("submit", event => {
    event.preventDefault();
    const body = text.value.trim();
    text.focus();
    if (body === "") return;
    text.value = "";
    saidAt = 0; // The message itself ends the typing.
    follow();
    model.sendText(body);
  });
  text.addEventListener("keydown", event => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  text.addEventListener("input", () => say(text.value.trim() !== ""));
  text.addEventListener("blur", () => say(false));
}

/** "The user is there", at most once an interval of the server's choice. */
export function startActivity(model) {
  let saidAt = 0;
  const active = () => {
    if (Date.now() - saidAt < (model.activityInterval ?? 20_000)) return;
    saidAt = Date.now();
    model.say({ t: "activity" });
  };
  for (const name of ["pointerdown", "pointermove", "keydown", "wheel", "focus"]) addEventListener(name, active, { passive: true });
}
