// A chat on Socket.IO that keeps nothing but what the library keeps by itself, in the memory of its process.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer((_, response) => response.end('ready'));
const io = new Server(http, { connectionStateRecovery: {} });

io.on('connection', (socket) => {
  if (!socket.recovered) socket.join(socket.handshake.auth.rooms);
  socket.on('chat message', (room, text, callback) => {
    io.to(room).emit('chat message', room, text);
    callback();
  });
});

http.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => io.close(() => process.exit(0)));
