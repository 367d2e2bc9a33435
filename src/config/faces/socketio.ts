import type { SocketIoInput, SocketIoOptions } from '../input/socket-io.js';

/** Sessions speak through socket.io-client. */
export const socketIo = (options: SocketIoOptions): SocketIoInput => ({ ...options, kind: 'socket-io' });
