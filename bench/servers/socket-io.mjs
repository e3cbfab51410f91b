// A socket.io server that passes signals on within a room: socket-io.mjs PORT.

import { Server } from 'socket.io';

const server = new Server(Number(process.argv[2]));

server.on('connection', (socket) => {
  socket.on('join', (room, done) => {
    void socket.join(room);
    done();
  });
  socket.on('signal', (room, signal) => socket.to(room).emit('signal', signal));
});
