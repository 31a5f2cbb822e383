// The page: what the store knows, drawn anew after every event.
import { Link } from './link.js';
import { Store, proper } from './store.js';

const $ = id => document.getElementById(id);
const { user: me } = await (await fetch('me')).json();
if (!me) { $('signin').hidden = false; } else { start(); }

function start() {
  $('app').hidden = false;
  $('me').textContent = proper(me);
  $('myAvatar').textContent = proper(me)[0];
  const store = new Store(me);
  let drawing = false;
  const draw = () => { if (!drawing) { drawing = true; requestAnimationFrame(() => { drawing = false; render(); }); } };
  const link = new Link(me, { connected, disconnected() { $('banner').hidden = false; draw(); }, event });
  for (const item of link.outbox) if (item.t === 'send') pend(item);
  link.run();

  async function connected() {
    $('banner').hidden = true;
    const { conversations } = await link.ask({ t: 'conversations', limit: 100 });
    for (const c of conversations.conversations) store.describe(c);
    watch();
    if (store.open) await load(store.get(store.open), true);
    draw();
  }

  function watch() {
    const users = [...new Set([...store.conversations.values()].filter(c => c.kind === 'direct').map(c => store.other(c)))].slice(0, 200);
    if (users.length) link.ask({ t: 'watch', users }).then(e => { e.presence.forEach(p => store.presence.set(p.user, p)); draw(); }, () => {});
  }

  async function load(c, newest) {
    if (c.id.startsWith('to:')) return;
    const first = store.sorted(c)[0]?.seq;
    const page = await link.ask({ t: 'messages', conversation: c.id, before: newest ? undefined : first, screenSize: `${innerWidth}x${innerHeight}` });
    page.messages.messages.forEach(m => store.put(m, true));
    if (newest && !c.loaded || !newest) c.more = page.messages.hasMore;
    c.loaded = true;
    if (newest) store.raise(c, (await link.ask({ t: 'receipts', conversation: c.id })).receipts);
    read(c);
    draw();
  }

  function read(c) {
    const last = Math.max(0, ...c.entries.keys());
    if (store.open === c.id && !document.hidden && last > (c.read ?? 0)) {
      c.read = last;
      c.unread = 0;
      link.frames([{ t: 'read', conversation: c.id, seq: last }]);
    }
  }

  function pend(item) { store.get(item.conversation ?? `to:${item.to}`).pending.push({ id: item.id, text: item.text }); }

  function event(e) {
    if (e.t === 'entry') {
      const c = store.put(e.entry);
      if (!c.known) link.ask({ t: 'conversation', conversation: c.id }).then(r => { const d = store.describe(r.details); if (d.kind === 'direct') store.adopt(store.other(d), d.id); watch(); read(d); draw(); }, () => {});
      else if (e.entry.kind === 'membership') link.ask({ t: 'conversation', conversation: c.id }).then(r => { store.describe(r.details); draw(); }, () => {});
      if (e.entry.from !== me && e.entry.counts && store.open !== c.id) c.unread++;
      c.typing.delete(e.entry.from);
      read(c);
    } else if (e.t === 'receipts') store.raise(store.get(e.conversation), e.receipts);
    else if (e.t === 'unread') Object.assign(store.get(e.conversation), { unread: e.unread, read: e.seq });
    else if (e.t === 'typing') {
      const c = store.get(e.conversation);
      if (e.until) { c.typing.set(e.user, Date.parse(e.until) - (link.clock ?? 0)); setTimeout(draw, 6500); } else c.typing.delete(e.user);
    } else if (e.t === 'presence') e.presence.forEach(p => store.presence.set(p.user, p));
    else if (e.t === 'refused') { for (const c of store.conversations.values()) for (const p of c.pending) if (p.id === e.id) p.error = e.message; }
    draw();
  }

  function open(c) { store.open = c.id; $('app').classList.add('opened'); draw(); if (!c.loaded) load(c, true).catch(() => {}); else read(c); $('text').focus(); }

  const el = (tag, cls, text) => { const node = document.createElement(tag); if (cls) node.className = cls; if (text !== undefined) node.textContent = text; return node; };
  const clock = at => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

  function render() {
    const list = [...store.conversations.values()].filter(c => c.known || c.id.startsWith('to:')).sort((a, b) => (b.lastActivity ?? '').localeCompare(a.lastActivity ?? ''));
    $('list').replaceChildren(...list.map(c => {
      const item = el('li');
      const button = el('button', c.id === store.open ? 'row active' : 'row');
      const state = c.kind === 'direct' ? store.presence.get(store.other(c))?.state ?? 'offline' : '';
      button.append(el('span', `avatar ${state}`, store.name(c)[0]), el('span', 'name', store.name(c)), el('span', 'last', store.sorted(c).filter(e => e.kind === 'message').at(-1)?.text ?? ''));
      if (c.unread > 0) button.append(el('span', 'badge', c.unread));
      button.onclick = () => open(c);
      item.append(button);
      return item;
    }));
    const c = store.open && store.get(store.open);
    for (const id of ['head', 'messages', 'composer']) $(id).hidden = !c;
    $('empty').hidden = !!c;
    if (!c) return;
    $('title').textContent = store.name(c);
    const p = c.kind === 'direct' ? store.presence.get(store.other(c)) : null;
    $('status').textContent = c.kind === 'group' ? c.members.map(proper).join(', ') : p?.state === 'online' ? 'online' : p?.lastSeen ? `last seen ${clock(p.lastSeen)}` : '';
    const box = $('messages');
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
    box.replaceChildren(...store.sorted(c).map(e => entry(c, e)).filter(Boolean), ...c.pending.map(waiting));
    if (atEnd) box.scrollTop = box.scrollHeight;
    const now = Date.now();
    const typists = [...c.typing].filter(([, until]) => until > now).map(([user]) => proper(user));
    $('typing').textContent = typists.length ? `${typists.join(', ')} typing…` : '';
  }

  function entry(c, e) {
    if (e.kind === 'membership') return el('li', 'notice', e.change?.action === 'created' && e.change.kind === 'group' ? `${proper(e.from)} created “${e.change.title}”` : e.change?.kind === 'direct' ? '' : `${proper(e.from)} ${e.change?.action} ${(e.change?.users ?? []).map(proper).join(', ')}`);
    const mine = e.from === me;
    const li = el('li', mine ? 'bubble mine' : 'bubble');
    if (c.kind === 'group' && !mine) li.append(el('span', 'from', proper(e.from)));
    li.append(el('span', e.deleted ? 'body gone' : 'body', e.deleted ? 'deleted' : e.text ?? `[${e.contentType}]`));
    const meta = el('span', 'meta', (e.version ? 'edited ' : '') + clock(e.at));
    if (mine) {
      const { total, delivered, read } = store.progress(c, e.seq);
      const status = read === total ? 'read' : delivered === total ? 'delivered' : 'sent';
      const tick = el('span', `ticks ${status}`, status === 'sent' ? '✓' : '✓✓');
      tick.title = tick.ariaLabel = c.kind === 'group' ? `delivered to ${delivered}, read by ${read} of ${total}` : status;
      if (c.kind === 'group') meta.append(` ${read}/${total}`);
      meta.append(' ', tick);
    }
    li.append(meta);
    return li;
  }

  function waiting(p) {
    const li = el('li', 'bubble mine pending');
    li.append(el('span', 'body', p.text), el('span', 'meta', p.error ?? '🕓'));
    return li;
  }

  $('newChat').onsubmit = e => {
    e.preventDefault();
    const user = $('newName').value.trim().toLowerCase();
    if (user) open(store.direct(user) ?? store.get(`to:${user}`));
    $('newName').value = '';
  };
  $('newGroup').onsubmit = e => {
    e.preventDefault();
    link.write({ t: 'createGroup', title: $('groupTitle').value.trim(), users: $('groupUsers').value.split(',').map(u => u.trim().toLowerCase()).filter(Boolean) });
    e.target.reset();
    e.target.closest('details').open = false;
  };
  $('composer').onsubmit = e => {
    e.preventDefault();
    const text = $('text').value.trim();
    if (!text || !store.open) return;
    const target = store.open.startsWith('to:') ? { to: store.open.slice(3) } : { conversation: store.open };
    pend(link.write({ t: 'send', ...target, text }));
    $('text').value = '';
    draw();
  };
  let typed = 0;
  $('text').onkeydown = e => { if (e.key === 'Enter' && !e.shiftKey) { e.preventDefault(); $('composer').requestSubmit(); } };
  $('text').oninput = () => {
    if (Date.now() - typed > 3000 && store.open && !store.open.startsWith('to:')) { typed = Date.now(); link.frames([{ t: 'typing', conversation: store.open, typing: true }]); }
  };
  $('messages').onscroll = () => {
    const c = store.open && store.get(store.open);
    if (c?.more && $('messages').scrollTop < 40) { c.more = false; load(c, false).catch(() => { c.more = true; }); }
  };
  $('back').onclick = () => { store.open = null; $('app').classList.remove('opened'); draw(); };
  document.onvisibilitychange = () => { if (store.open) read(store.get(store.open)); };
  let active = 0;
  document.addEventListener('pointerdown', () => { if (Date.now() - active > (link.activityInterval ?? 20000)) { active = Date.now(); link.frames([{ t: 'activity' }]); } });
}
