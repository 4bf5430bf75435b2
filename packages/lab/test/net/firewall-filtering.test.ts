import t from 'tap';
import type { Host } from '../../src/host.ts';
import type { Program } from '../../src/program.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { At, FirewallSite } from './firewall-site.ts';

t.setTimeout(240_000);
await onStage(import.meta.url);

/** Tells each datagram's sender where it came from, and prints what it got. */
const ECHO = `
const s = require('dgram').createSocket('udp4');
s.on('message', (m, from) => { console.log('got ' + from.address + ' ' + from.port + ' ' + m); s.send('seen ' + from.address + ':' + from.port, from.port, from.address); });
s.bind(Number(process.argv[1]), () => console.log('ready'));`;

/** From one port to several others; prints what comes back, and whatever else comes. */
const ASK = `
const [port, ...targets] = process.argv.slice(1);
const s = require('dgram').createSocket('udp4');
s.on('message', (m, from) => console.log('got ' + from.address + ' ' + from.port + ' ' + m));
s.bind(Number(port), () => { for (const target of targets) { const [host, to] = target.split(':'); s.send('hello', Number(to), host); } });`;

/** One datagram from a port, to an address. */
const SEND = `
const [from, host, to, text] = process.argv.slice(1);
const s = require('dgram').createSocket('udp4');
s.bind(Number(from), () => s.send(text, Number(to), host, () => s.close()));`;

const PORT = 4000;

async function echo(host: Host, port: number): Promise<Program> {
  const program = host.start(`${host.name} echo ${port}`, process.execPath, ['-e', ECHO, String(port)]);
  await program.line(/^ready/, 20_000);
  return program;
}

function ask(host: Host, port: number, ...targets: readonly string[]): Program {
  return host.start(`${host.name} asks`, process.execPath, ['-e', ASK, String(port), ...targets]);
}

function send(host: Host, from: number, port: number, text: string): Promise<string> {
  return host.run(process.execPath, ['-e', SEND, String(from), At.wan, String(port), text]);
}

for (const [filtering, expected] of [
  [undefined, ['asked']],
  ['address-and-port-dependent', ['asked']],
  ['address-dependent', ['asked', 'same-address']],
  ['endpoint-independent', ['asked', 'other-address', 'same-address']],
] as const) {
  t.test(`FW-07 FW-14 nat.filtering: ${filtering ?? 'absent'}`, async (t) => {
    const site = new FirewallSite(t, `filter-${filtering ?? 'absent'}`);
    if (filtering !== undefined) site.writePerm('firewall.json', { nat: { filtering } });
    await site.configure();
    await echo(site.internet, 9);
    const second = await echo(site.isp, 9);
    const client = ask(site.client, PORT, `${At.internet}:9`);
    await client.line(new RegExp(`seen ${At.wan}:${PORT}$`), 20_000);
    // Each one until the last of them, which always comes, is there.
    await send(site.isp, 7777, PORT, 'other-address');
    await send(site.internet, 7778, PORT, 'same-address');
    const other = ask(site.other, PORT, `${At.internet}:9`, `${At.isp}:9`);
    await other.line(new RegExp(`got ${At.internet} `), 20_000);
    await other.line(new RegExp(`got ${At.isp} `), 20_000);
    const got = (): readonly string[] =>
      client.output
        .filter((line) => line.startsWith('got'))
        .map((line) => (line.includes('seen') ? 'asked' : (line.split(' ')[3] as string)));
    if (expected.length > 1) await until('what is let in', 10_000, () => got().length >= expected.length);
    t.same([...got()].sort(), expected);

    // Another computer with the same port has another one outside, and the same one for all destinations.
    const ports = other.output.map((line) => /seen [\d.]+:(\d+)$/.exec(line)?.[1]).filter((port) => port !== undefined);
    t.equal(ports.length, 2, `answers to another computer: ${other.output.join(' | ')}`);
    if (filtering === 'endpoint-independent' || filtering === 'address-dependent') {
      t.equal(new Set(ports).size, 1, 'RFC 4787 REQ-1: endpoint-independent mapping');
      t.not(ports[0], String(PORT));
      if (filtering === 'endpoint-independent') {
        await send(site.isp, 7779, Number(ports[0]), 'to-the-other');
        await other.line(/to-the-other/, 10_000);
      }
    }
    // It says so after it has answered.
    await second.line(/^got /, 10_000);

    // What belongs to nobody goes nowhere.
    await send(site.isp, 7780, 4999, 'nobody');
    t.notOk([...client.output, ...other.output].some((line) => line.includes('nobody')));
  });
}

t.test('FW-17 nat.ports: random', async (t) => {
  const site = new FirewallSite(t, 'random');
  await site.configure();
  await echo(site.internet, 9);
  const kept = ask(site.client, PORT, `${At.internet}:9`);
  await kept.line(new RegExp(`seen ${At.wan}:${PORT}$`), 20_000);
  site.writePerm('firewall.json', { nat: { ports: 'random' } });
  await site.netconfigd();
  const changed = ask(site.client, PORT + 1, `${At.internet}:9`);
  const line = await changed.line(/seen /, 20_000);
  t.notMatch(line, new RegExp(`:${PORT + 1}$`), 'RFC 6056: not to be guessed');
});

t.test('the mappings outlive new rules', async (t) => {
  const site = new FirewallSite(t, 'outlive');
  site.writePerm('firewall.json', { nat: { filtering: 'endpoint-independent' } });
  await site.configure();
  await echo(site.internet, 9);
  const client = ask(site.client, PORT, `${At.internet}:9`);
  await client.line(/seen /, 20_000);
  site.writePerm('portforwardings.json', { forwardings: [{ port: '1', dest_addr: At.client, dest_port: '1' }] });
  await site.netconfigd();
  await send(site.isp, 7777, PORT, 'still-open');
  await client.line(/still-open/, 10_000);
  t.match(await site.ruleset(), /map nat-mappings/);
});
