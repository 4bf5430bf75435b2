import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/*
 * Keeps one TCP connection to an echo service: sends a line for each SIGUSR1 and prints what comes back.
 *
 * usage: echo-client.ts ADDRESS
 */
const socket = connect({ host: process.argv[2] ?? '127.0.0.1', port: 7 });
let count = 0;
socket.on('connect', () => console.log('connected'));
socket.on('error', (error) => {
  console.log(`broken ${error.message}`);
  process.exit(1);
});
socket.on('close', () => process.exit(1));
createInterface({ input: socket }).on('line', (line) => console.log(line));
process.on('SIGUSR1', () => socket.write(`echo ${++count}\n`));
process.on('SIGTERM', () => process.exit(0));
