import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { Outcome, Probe } from './probe.ts';

/*
 * Knocks at ports, all at the same time, and prints what came of it as JSON: one outcome for each probe, in their order.
 *
 * usage: scanner.ts MILLISECONDS PROBES      (JSON)
 */
const patience = Number(process.argv[2]);
const probes = JSON.parse(process.argv[3] ?? '[]') as readonly Probe[];
/** As many descriptors as a process has without asking for more. */
const AT_ONCE = 400;

const outcomes: Outcome[] = [];
for (let at = 0; at < probes.length; at += AT_ONCE) {
  outcomes.push(...(await Promise.all(probes.slice(at, at + AT_ONCE).map(knock))));
}
console.log(JSON.stringify(outcomes));

function knock(probe: Probe): Promise<Outcome> {
  return probe.protocol === 'tcp' ? knockTcp(probe) : knockUdp(probe);
}

/** On a busy machine an answer may be there already when the time is over: timers come first, so it gets one more turn. */
function after(end: () => void): NodeJS.Timeout {
  return setTimeout(() => setImmediate(end), patience);
}

function knockTcp({ host, port, from }: Probe): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, ...(from !== undefined && { localAddress: from }) });
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      resolve(outcome);
      socket.destroy();
    };
    const timer = after(() => end('silent'));
    socket.on('connect', () => end('open'));
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code === 'ETIMEDOUT' ? 'silent' : 'refused'));
  });
}

function knockUdp({ host, port, from }: Probe): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      resolve(outcome);
      socket.close();
    };
    const timer = after(() => end('silent'));
    socket.on('message', () => end('open'));
    socket.on('error', () => end('refused'));
    // Connected, so that the kernel tells of ICMP errors.
    const connected = (error?: Error): void => {
      if (error === undefined) socket.send('knock', () => undefined);
      // There is no way to where that would be.
      else end('refused');
    };
    const send = (): void => socket.connect(port, host, connected);
    if (from === undefined) send();
    else socket.bind({ address: from }, send);
  });
}
