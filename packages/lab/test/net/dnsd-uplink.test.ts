import t from 'tap';
import { cable } from '../../src/host.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { DnsdSite, ROUTER } from './dnsd-site.ts';
import { needs } from './installed.ts';

t.setTimeout(120_000);
await onStage(import.meta.url);

const site = new DnsdSite();
const SERVER = 'fe80::53';

/** Answers every question: 198.51.100.7 for 0 s. */
const RESPONDER = `
  const socket = require('node:dgram').createSocket('udp6');
  socket.on('message', (query, { address, port }) => {
    let end = 12;
    while (query[end] !== 0) end += query[end] + 1;
    const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 198, 51, 100, 7];
    const answer = Buffer.concat([query.subarray(0, end + 5), Buffer.from(record)]);
    answer.writeUInt16BE(0x8180, 2);
    answer.set([0, 1, 0, 1, 0, 0, 0, 0], 4);
    socket.send(answer, port, address);
  });
  socket.bind(53, '::', () => console.log('ready'));
`;

/** Plugs the uplink in, with a link-local address of each side. */
function plugIn(): void {
  cable(site.router, 'uplink0', site.wan, 'eth0');
  site.wan.ip(`address add ${SERVER}/64 dev eth0 nodad`);
  site.wan.ip('link set eth0 up');
  site.router.ip('address add fe80::1/64 dev uplink0 nodad');
  site.router.ip('link set uplink0 up');
}

for (const transport of ['batch', 'dgram']) {
  t.test(
    `${transport}: DNS-02, DNS-27: asks a link-local server on an uplink that comes late, goes and comes back, and counts`,
    needs('dig'),
    async (t) => {
      site.clear();
      site.write('/perm/dns.json', { transport });
      const learned = { routers: [], prefixes: [], dns: [SERVER], domain_search: [], nat64: [] };
      site.write('/perm/dhcp6/wire/routers.json', learned);
      site.router.ip('link delete uplink0');
      const server = site.wan.start('server', process.execPath, ['-e', RESPONDER]);
      t.teardown(() => server.stop());
      await server.line(/^ready$/, 10_000);
      const dnsd = await site.start();
      t.teardown(() => dnsd.stop());
      const answer = (name: string): Promise<string> => site.dig(`@${ROUTER} ${name} A`);
      t.equal(await answer('early.example'), '', 'SERVFAIL');
      for (const name of ['late.example', 'later.example']) {
        plugIn();
        await until(`an answer for ${name}`, 5000, async () => (await answer(name)) === '198.51.100.7');
        site.router.ip('link delete uplink0');
      }
      plugIn();
      t.equal(await answer('localhost'), '127.0.0.1');

      const label = `${SERVER}%uplink0`;
      const queries = await site.metric('dns_queries');
      t.equal(await site.metric('dns_upstream{upstream="local"}'), 1);
      t.equal(await site.metric('dns_upstream{upstream="DNS"}'), queries - 1, 'each is counted once');
      t.equal(await site.metric('dns_questions_bucket{le="0"}'), 0);
      t.equal(await site.metric('dns_questions_bucket{le="1"}'), queries);
      t.equal(await site.metric('dns_questions_bucket{le="9"}'), queries);
      t.equal(await site.metric('dns_questions_bucket{le="+Inf"}'), queries);
      t.equal(await site.metric('dns_questions_sum'), queries);
      t.equal(await site.metric('dns_questions_count'), queries);
      const rcodes = ['noError', 'servFail'].map((rcode) => site.metric(`dnsd_responses_total{rcode="${rcode}"}`));
      const [good, failed] = (await Promise.all(rcodes)) as [number, number];
      t.equal(good + failed, queries);
      t.equal(await site.metric('dnsd_answers_total{from="failed"}'), failed);
      t.equal(await site.metric('dnsd_answers_total{from="forwarded"}'), good - 1);
      const answers = await site.metric(`dnsd_upstream_answers_total{upstream="${label}"}`);
      t.ok(answers >= good - 1, 'probes as well');
      t.equal(await site.metric(`dnsd_upstream_rtt_seconds_count{upstream="${label}"}`), answers);
      t.equal(await site.metric('dnsd_queries_total{transport="udp"}'), queries);
      t.equal(await site.metric('dnsd_queries_total{transport="tcp"}'), 0);
      t.equal(await site.metric('dnsd_pending'), 0);
    },
  );
}
