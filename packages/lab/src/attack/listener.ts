import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/*
 * Something to be found: listens by TCP and UDP on every address, IPv4 and IPv6. Says who came, and answers what it hears.
 *
 * usage: listener.ts TCP-PORTS UDP-PORTS      (with commas)
 */
const [tcp = [], udp = []] = process.argv.slice(2).map((list) =>
  list
    .split(',')
    .filter((port) => port !== '')
    .map(Number),
);
let waiting = tcp.length + udp.length;

function ready(): void {
  waiting--;
  if (waiting === 0) console.log('ready');
}

function tell(protocol: string, port: number, from: string | undefined): void {
  console.log(`${protocol} ${port} ${from?.replace(/^::ffff:/, '')}`);
}

for (const port of tcp) {
  const server = createServer((socket) => {
    tell('tcp', port, socket.remoteAddress);
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  server.listen(port, '::', ready);
}
for (const port of udp) {
  const socket = createSocket('udp6');
  socket.on('message', (message, from) => {
    tell('udp', port, from.address);
    socket.send(message, from.port, from.address);
  });
  socket.on('error', () => undefined);
  socket.bind(port, ready);
}
