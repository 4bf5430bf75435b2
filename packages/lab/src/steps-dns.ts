import { deepEqual } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { Address } from './home.ts';
import type { Host } from './host.ts';
import { type DigAnswer, digAnswers } from './internet/dig.ts';
import { questions } from './internet/questions.ts';
import { until } from './wait.ts';

/** Asks one question by `dig`; one try of two seconds. */
export async function dig(
  client: Host,
  server: string,
  name: string,
  ...options: readonly string[]
): Promise<DigAnswer> {
  const args = [`@${server}`, '+time=2', '+tries=1', '+nottlid', ...options, name];
  const [answer] = digAnswers(await client.run('dig', args));
  if (answer === undefined) throw new Error(`no answer of ${server} about ${name}`);
  return answer;
}

/** The router's link-local address on the home's network, as a client has it from its default route, with zone. */
export async function routerLinkLocal(client: Host): Promise<string> {
  const text = await client.run('ip', ['-6', '-json', 'route', 'show', 'default']);
  const [route] = JSON.parse(text) as readonly { gateway?: string; nexthops?: readonly { gateway: string }[] }[];
  const gateway = route?.gateway ?? route?.nexthops?.[0]?.gateway;
  if (gateway === undefined) throw new Error(`${client.name} has no IPv6 default route`);
  return `${gateway}%eth0`;
}

/**
 * Has a client resolve a public name, its own name and its own address, by UDP and TCP, of the router's IPv4 and IPv6
 * addresses.
 */
export async function resolves(client: Host, address: string): Promise<string> {
  const servers = [Address.lan, await routerLinkLocal(client)];
  // The server of the home may be told of a lease only a moment later.
  await until(
    `${client.name}.lan`,
    10_000,
    async () => (await dig(client, Address.lan, `${client.name}.lan`)).status === 'NOERROR',
  );
  const reverse = `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  for (const server of servers) {
    for (const transport of ['+notcp', '+tcp']) {
      const values = async (...question: readonly [name: string, ...options: string[]]): Promise<readonly string[]> =>
        (await dig(client, server, question[0], transport, ...question.slice(1))).answers.map(({ data }) => data);
      const where = `${server} ${transport}`;
      deepEqual(await values('www.lab.example', '-tA'), [Address.web], where);
      deepEqual(await values(client.name, '-tA'), [address], where);
      deepEqual(await values(`${client.name}.lan`, '-tA'), [address], where);
      deepEqual(await values(reverse, '-tPTR'), [`${client.name}.lan.`], where);
    }
  }
  return servers.join(' and ');
}

/**
 * Asks the router and another forwarder everything about the zones of the Internet, and compares what they say: status,
 * flags, answers and, where there is none, the authority.
 *
 * @param other address and port of a forwarder that asks the same name server
 */
export async function agrees(client: Host, other: readonly [address: string, port: number]): Promise<string> {
  const file = `/tmp/${client.name}-questions`;
  writeFileSync(file, questions.map(({ name, type }) => `${name} ${type}\n`).join(''));
  const ask = async (server: string, port: number): Promise<readonly DigAnswer[]> =>
    digAnswers(
      await client.run('dig', [`@${server}`, '-p', String(port), '+time=3', '+tries=2', '+nottlid', '-f', file]),
    );
  const ours = await ask(Address.lan, 53);
  const theirs = await ask(...other);
  for (const [index, { name, type }] of questions.entries()) {
    deepEqual(said(ours[index]), said(theirs[index]), `${name} ${type}`);
  }
  return `${questions.length} questions`;
}

/** What is to be the same; the order of a set's records is not (RFC 2181 section 5). */
function said(answer: DigAnswer | undefined): unknown {
  if (answer === undefined) return undefined;
  const { status, flags, answers, authority } = answer;
  const lines = (records: DigAnswer['answers']): readonly string[] =>
    records.map(({ name, type, data }) => `${name.toLowerCase()} ${type} ${data}`).sort();
  return { status, flags, answers: lines(answers), authority: answers.length === 0 ? lines(authority) : [] };
}
