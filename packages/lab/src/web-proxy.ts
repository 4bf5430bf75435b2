import { connect, createServer } from 'node:net';
import { forward } from './forward.ts';

/*
 * Lets the machine's own browser see a page of the lab's router: passes connections from a Unix socket, which both sides
 * of the stage see, to an address on this side.
 *
 * usage: web-proxy.ts SOCKET ADDRESS PORT
 */
const [path = '', host = '', port = ''] = process.argv.slice(2);

createServer((outer) => {
  const inner = connect({ host, port: Number(port) });
  forward(outer, inner);
}).listen(path, () => console.log('ready'));
