import { equal, ok } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Address } from '../home.ts';
import type { Host } from '../host.ts';
import type { Online, Scene } from '../online.ts';
import { dig } from '../steps-dns.ts';
import { until } from '../wait.ts';
import { threeDays } from './three-days.ts';

// Covers: DNS-04, DNS-12, RFC 8767 5

/** Longer than the names of the first row live, and long enough for the router to have noticed. */
const OUTAGE = 8000;
/** How long a client may wait for an answer, in milliseconds. */
const PATIENCE = 2000;
/** How soon there is something fresh when the line is back. */
const FRESH = 1000;

/** Names that live for a second to a week: what the home has asked for before the line is cut. */
const known = ['brief.lab.example', 'short.lab.example', 'www.lab.example', 'long.lab.example', 'alias3.lab.example'];

/** The line to the provider is cut: what was known goes on being known, and what is new is there as soon as the line is. */
export async function cut(scene: Scene, { clients }: Online): Promise<void> {
  const { report, home } = scene;
  const [client] = home.clients;
  const [online] = clients;
  if (client === undefined || online === undefined) throw new Error('this story needs a client');
  await report.step('names are known', () => allOf(client), tell);

  await report.step('the line is cut', () => home.router.setLine(false));
  await report.step('what is known is answered', () => within(client), tell);
  await report.step(
    'so is what has expired',
    async () => {
      await sleep(OUTAGE);
      return within(client);
    },
    tell,
  );
  await report.step(
    'it is told to be stale',
    async () => {
      const { options } = await dig(client, Address.lan, 'brief.lab.example');
      const [told] = options.filter((option) => option.startsWith('EDE: 3 '));
      ok(told !== undefined, options.join(', '));
      return told;
    },
    (told) => told,
  );
  await report.step(
    'names of the home are answered at once',
    async () => {
      let longest = 0;
      for (const name of [`${client.name}.lan`, client.name]) {
        const { answers, queryMs } = await dig(client, Address.lan, name);
        equal(answers[0]?.data, online.address);
        longest = Math.max(longest, queryMs);
      }
      return longest;
    },
    tell,
  );
  await report.step(
    'what nobody has asked for fails in time',
    async () => {
      const { status, queryMs } = await dig(client, Address.lan, 'robin.lab.example', '+time=5');
      equal(status, 'SERVFAIL');
      ok(queryMs < PATIENCE, `${queryMs} ms`);
      return queryMs;
    },
    tell,
  );
  await report.step(
    'for three days (simulated): every answer within 2 s',
    async () => threeDays(),
    (text) => text,
  );

  await report.step('the line is back', () => home.router.setLine(true));
  const back = performance.now();
  await report.step(
    'the first fresh answer comes',
    () => until('a fresh answer', FRESH, () => isFresh(client)),
    () => `${Math.round(performance.now() - back)} ms later`,
  );
}

/** Asks all that is known. @returns the longest time, in milliseconds, that one took */
async function allOf(client: Host): Promise<number> {
  let longest = 0;
  for (const name of known) {
    const { status, answers, queryMs } = await dig(client, Address.lan, name, '+time=5');
    equal(status, 'NOERROR', name);
    ok(answers.length > 0, name);
    longest = Math.max(longest, queryMs);
  }
  return longest;
}

/** As {@link allOf}, and nobody waits for too long. */
async function within(client: Host): Promise<number> {
  const longest = await allOf(client);
  ok(longest < PATIENCE, `${Math.round(longest)} ms`);
  return longest;
}

/** Whether a name that nobody has asked for is answered: it comes from the Internet. */
async function isFresh(client: Host): Promise<boolean> {
  const name = `x${Math.round(performance.now())}.wild.lab.example`;
  return (await dig(client, Address.lan, name)).status === 'NOERROR';
}

function tell(milliseconds: number): string {
  return `${Math.round(milliseconds)} ms at most`;
}
