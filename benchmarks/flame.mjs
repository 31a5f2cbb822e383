// Draws a flame graph from `perf script` on stdin: node flame.mjs TITLE > picture.svg
// Width is the share of samples; narrower than a thousandth is left out. Colours: ChatKit, PostgreSQL or the driver, the runtime and its libraries, the kernel.
import { readFileSync } from "node:fs";

const title = process.argv[2] ?? "Samples";
const [width, row, least] = [1200, 17, 0.001];
const root = { name: "all", count: 0, children: new Map() };

// Frames of the runtime's own async machinery say nothing about who works.
const machinery = /System\.Runtime\.CompilerServices|System\.Threading\.Tasks|ExecutionContext|AsyncMethodBuilder|AsyncStateMachineBox|QueueUserWorkItem/;

// Type::Method without namespaces; an asynchronous method by its name.
const shorten = frame => {
  const name = frame.replace(/\+0x[0-9a-f]+$/, "").replace(/\[(PreJIT|Optimized\w*|Tier\w*|QuickJitted\w*|Instrumented\w*)\]/g, "").trim();
  const method = /([\w.`+<>$|]+?)(?:\[[^:]*)?::([\w.<>$|]+)/.exec(name.replace(/^.*?\] /, ""));
  if (!method) return name;
  const type = method[1].replace(/`\d+/g, "").split(/[.+]/).filter(part => !/^<.*>[cd]?__/.test(part) && !/^d__/.test(part)).pop();
  const asynchronous = /<(?:<\w+>g__)?(\w+)[>|]/.exec(method[1]);
  return `${type}::${asynchronous ? asynchronous[1] : method[2]}`;
};

let stack = [];
const end = () => {
  if (stack.length === 0) return;
  root.count++;
  let node = root;
  for (const name of stack.reverse().filter((n, i, all) => n !== "[unknown]" && n !== all[i - 1])) {
    if (!node.children.has(name)) node.children.set(name, { name, count: 0, children: new Map() });
    node = node.children.get(name);
    node.count++;
  }
  stack = [];
};
for (const line of readFileSync(0, "utf8").split("\n")) {
  if (line.trim() === "") end();
  else if (/^\s/.test(line)) {
    const frame = line.trim().replace(/^[0-9a-f]+ /, "");
    stack.push(machinery.test(frame) ? "[unknown]" : shorten(frame));
  }
}
end();

const colour = name => /ChatKit|Session|Pump|Writer|WriteBatch|Delivery|Dispatcher|Backplane|Chat|Append|Receipt|Postgres\w+::|CommandFrames|EventWriter|Membership/.test(name) ? "#7fb77e"
  : /Npgsql|^(Exec|heap|_bt|bt|plpgsql|exec_|Postgres|XLog|LWLock|SPI|index_)/.test(name) ? "#7aa6d8"
    : /^(tcp|ip_|__|do_|sys_|entry_|net_|sock|sch|_raw|x64|ep_|dev_|process_backlog|handle_softirqs)/.test(name) ? "#d8b27a" : "#e0a0a0";
const escape = text => text.replace(/[&<>"]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;" })[c]);
const boxes = [];
let deepest = 0;
const place = (node, x, depth) => {
  const share = node.count / root.count;
  if (share < least) return;
  deepest = Math.max(deepest, depth);
  boxes.push({ node, x, depth, share });
  let at = x;
  for (const child of [...node.children.values()].sort((a, b) => b.count - a.count)) {
    place(child, at, depth + 1);
    at += child.count / root.count;
  }
};
place(root, 0, 0);

const height = (deepest + 3) * row;
console.log(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`);
console.log(`<rect width="100%" height="100%" fill="white"/><text x="8" y="14" font-weight="bold" font-size="13">${escape(title)}: ${root.count} samples</text>`);
for (const { node, x, depth, share } of boxes) {
  const [left, wide, top] = [x * width, share * width, height - ((depth + 1) * row) - 4];
  const fits = Math.floor((wide - 4) / 6);
  const text = fits < 3 ? "" : node.name.length <= fits ? node.name : node.name.slice(0, fits - 1) + "…";
  console.log(`<g><title>${escape(node.name)} ${(100 * share).toFixed(1)} %</title><rect x="${left.toFixed(1)}" y="${top}" width="${Math.max(wide - 0.5, 0.3).toFixed(1)}" height="${row - 1}" fill="${colour(node.name)}"/>`
    + (text ? `<text x="${(left + 2).toFixed(1)}" y="${top + 12}">${escape(text)}</text>` : "") + "</g>");
}
console.log("</svg>");
