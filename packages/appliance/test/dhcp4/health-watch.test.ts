import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import {
  askHealth,
  BAD_CYCLES,
  type HealthAnswer,
  HealthCount,
  type HealthVerdict,
} from '../../src/dhcp4/health-watch.ts';

const GOOD: HealthAnswer = { ok: true, reason: '' };
const BAD: HealthAnswer = { ok: false, reason: 'tcp4: no route' };

function verdicts(count: HealthCount, answers: readonly HealthAnswer[]): readonly (HealthVerdict | undefined)[] {
  return answers.map((answer) => count.count(answer));
}

t.test('D4C-08 twenty bad answers in a row, not nineteen', async (t) => {
  t.equal(BAD_CYCLES, 20);
  const count = new HealthCount();
  t.same(verdicts(count, Array(19).fill(BAD)), Array(19).fill(undefined));
  t.equal(count.count(GOOD), undefined);
  t.same(verdicts(count, Array(19).fill(BAD)), Array(19).fill(undefined), 'a good one begins the row anew');
  t.same(count.count(BAD), { kind: 'restart', release: false });
});

t.test('D4C-09 the second time in a row the lease is released first, and so from then on', async (t) => {
  const count = new HealthCount();
  const told = verdicts(count, Array(60).fill(BAD)).filter((verdict) => verdict !== undefined);
  t.same(told, [
    { kind: 'restart', release: false },
    { kind: 'restart', release: true },
    { kind: 'restart', release: true },
  ]);
  count.count(GOOD);
  t.same(verdicts(count, Array(20).fill(BAD)).at(-1), { kind: 'restart', release: false }, 'good in between');
});

t.test('D4C-08 no answer is no opinion', async (t) => {
  const count = new HealthCount();
  t.same(verdicts(count, Array(100).fill(undefined)), Array(100).fill(undefined));
  verdicts(count, Array(19).fill(BAD));
  t.equal(count.count(undefined), undefined);
  t.same(count.count(BAD), { kind: 'restart', release: false }, 'nor does it begin the row anew');
});

t.test('D4C-08 what diagd says', async (t) => {
  let body = '';
  let status = 200;
  const server = createServer((_, response) => {
    if (status === 0) return; // never answers
    response.statusCode = status;
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health.json`;
  const table: readonly [status: number, body: string, answer: HealthAnswer][] = [
    [200, '{"first_error":""}', { ok: true, reason: '' }],
    [
      200,
      '{"first_error":"tcp4: www.google.ch:80: dial tcp4"}',
      { ok: false, reason: 'tcp4: www.google.ch:80: dial tcp4' },
    ],
    [200, '{"first_error":"","more":1}', { ok: true, reason: '' }],
    [200, '{}', undefined],
    [200, 'nonsense', undefined],
    [500, '{"first_error":"x"}', undefined],
    [0, '', undefined],
  ];
  for (const [code, text, answer] of table) {
    [status, body] = [code, text];
    t.same(await askHealth(url, 300), answer, `${code} ${text}`);
  }
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  t.equal(await askHealth(url, 300), undefined, 'nobody there');
});
