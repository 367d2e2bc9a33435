// The chat of Socket.IO's tutorial: messages are stored in SQLite before they are acknowledged, a message that is sent again
// is known by its client offset, and who comes back without being recovered is sent what has a higher number than the last
// that it has. Other than in the tutorial there are rooms, a path that says that the server is ready, and a goodbye.
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { open } from 'sqlite';
import sqlite3 from 'sqlite3';

const db = await open({ filename: process.env.DATABASE ?? 'chat.db', driver: sqlite3.Database });
await db.exec(`
  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    client_offset TEXT UNIQUE,
    room TEXT,
    content TEXT
  )`);

const http = createServer((_, response) => response.end('ready'));
const io = new Server(http, { connectionStateRecovery: {} });

io.on('connection', async (socket) => {
  const { rooms = [], serverOffset = 0 } = socket.handshake.auth;
  if (!socket.recovered) socket.join(rooms);

  socket.on('chat message', async (room, text, clientOffset, callback) => {
    const number = await stored(room, text, clientOffset);
    if (number !== null) io.to(room).emit('chat message', room, text, number);
    // Stored, now or before. Where it could not be, there is no answer, and the client tries again.
    callback();
  });

  if (socket.recovered) return;
  const missed = `SELECT id, room, content FROM messages WHERE id > ? AND room IN (${rooms.map(() => '?')})`;
  await db.each(missed, [serverOffset, ...rooms], (_, row) => {
    socket.emit('chat message', row.room, row.content, row.id);
  });
});

/** The number of a new message; null for one that is stored already. */
async function stored(room, text, clientOffset) {
  try {
    const insert = 'INSERT INTO messages (room, content, client_offset) VALUES (?, ?, ?)';
    return (await db.run(insert, room, text, clientOffset)).lastID;
  } catch (error) {
    if (error.code === 'SQLITE_CONSTRAINT') return null;
    throw error;
  }
}

http.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => io.close(() => process.exit(0)));
