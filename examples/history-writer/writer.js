// Writes down, as a history, what users of a chat see through WebSockets of any kind: it imports nothing, and runs in browsers too.

/** A digest of a text: only equality counts (FNV-1a). */
function digest(text) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16);
}

/** `write` is called with each line, a text, before what it tells of is done. */
export function history(header, write) {
  const begun = performance.now();
  const line = (value) => write(`${JSON.stringify(value)}\n`);
  const see = (kind, fields) => {
    const t = performance.now() - begun;
    line({ t, kind, ...(kind === 'send' && { due: t }), ...fields });
  };
  line({ ...header, epoch: new Date().toISOString() });
  return { see, user: (session, dial) => user(header.run, session, dial, see) };
}

/** One user, in one room. `dial` gives a WebSocket that is about to connect. */
function user(run, session, dial, see) {
  const [room, unanswered] = ['lobby', new Set()];
  let [conn, said, last, socket, isReady] = [0, 0, null, null, false];
  const note = (kind, fields) => see(kind, { session, conn, ...fields });
  const tell = (frame) => socket.send(JSON.stringify(frame));

  const heard = {
    entered({ last: head }) {
      last ??= head;
      note('joined', { room, head: String(head) });
      note('ready', { claims: 'unstated' });
      isReady = true;
    },
    noted({ ref: message, number }) {
      if (unanswered.delete(message)) note('ack', { message, position: String(number) });
    },
    post({ body, from, number }) {
      const message = body.split(' ')[0];
      note('receive', { room, message, from, digest: digest(body), position: String(number) });
      last = number;
    },
  };

  function connect() {
    conn += 1;
    note('connect', { door: 'chat' });
    socket = dial(session);
    let isOpen = false;
    socket.onopen = () => {
      isOpen = true;
      note('open');
      note('join', { room, ...(last !== null && { cursor: String(last) }) });
      tell({ op: 'enter', channel: room, since: last });
    };
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      heard[frame.op](frame);
    };
    socket.onerror = () => undefined; // a close follows
    socket.onclose = ({ code }) => {
      isReady = false;
      for (const message of unanswered) note('unsure', { message, reason: 'the connection is gone' });
      unanswered.clear();
      note(isOpen ? 'close' : 'refused', isOpen ? { by: 'target', code } : { at: 'dial' });
      setTimeout(connect, 50);
    };
  }

  function say(purpose) {
    const message = `${run}.${session}.${++said}`;
    const body = `${message} hello`;
    see('send', { session, room, message, digest: digest(body), ...(purpose && { purpose }) });
    if (!isReady) return see('unoffered', { session, message, reason: 'no connection' });
    note('written', { message, attempt: 1 });
    unanswered.add(message);
    tell({ op: 'say', ref: message, channel: room, body });
  }
  return { connect, say };
}
