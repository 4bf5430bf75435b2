import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';

/*
 * The Internet of the lab: a web page on port 80 that tells who asked, and a service on port 7 that says what it is told
 * (RFC 862), for connections that are to live long.
 *
 * usage: web-server.ts ADDRESS ...
 */
for (const address of process.argv.slice(2)) {
  createHttpServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(`${JSON.stringify({ from: request.socket.remoteAddress, port: request.socket.remotePort })}\n`);
  }).listen(80, address, () => console.log(`web: ready on ${address}`));

  createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  }).listen(7, address, () => console.log(`echo: ready on ${address}`));
}
