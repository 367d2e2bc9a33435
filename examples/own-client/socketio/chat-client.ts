import { io, type Socket } from 'socket.io-client';
import { type ClientSession, defineClient } from 'outlast';

/** What our users run: socket.io-client, which tells the server the rooms and the number of the last message that was read. */
export const chatClient = defineClient({
  name: 'chat',
  url: 'http://127.0.0.1:{port:chat}/',
  reconnects: 'itself',
  lacks: {
    instance: 'Socket.IO does not say which process answered',
    'close-codes': 'Socket.IO closes a connection without a code',
  },
  connect(session) {
    const socket = io(session.url, {
      // Sessions that have one address would share one connection.
      forceNew: true,
      // The library calls it for each connection.
      auth: (give) => give({ rooms: session.rooms, serverOffset: lastRead(session) }),
    });
    listen(socket, session);
    return {
      send: async ({ id, room, text }) => {
        try {
          await socket.timeout(5_000).emitWithAck('chat message', room, text, id);
          return { answer: 'ack' };
        } catch (error) {
          return { answer: 'unsure', reason: (error as Error).message };
        }
      },
      close: () => socket.disconnect(),
    };
  },
});

/** The server numbers the messages of all rooms in one row. */
const lastRead = ({ rooms, after }: ClientSession) =>
  Math.max(0, ...rooms.map((room) => Number(after(room) ?? 0)));

function listen(socket: Socket, { rooms, after, tell }: ClientSession): void {
  socket.io.on('reconnect_attempt', () => tell.connecting());
  // What a recovered connection missed is handed out before `connect`: its beginning and its end are those of the manager.
  socket.io.on('open', () => {
    tell.opened();
    for (const room of rooms) tell.joining(room, { after: after(room) });
  });
  // The server joins the rooms of `auth` when it lets the socket in, and confirms none: all are joined at `ready`.
  socket.on('connect', () => tell.ready(socket.recovered ? { resumed: true } : {}));
  socket.on('chat message', (room: string, text: string, position: number) =>
    tell.received({ room, text, position }),
  );
  socket.on('connect_error', (error) => tell.refused({ reason: error.message }));
  socket.io.on('close', (reason) => tell.closed({ reason }));
}
