import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { CACHE, DnsdSite, ROUTER } from './dnsd-site.ts';
import { needs } from './installed.ts';

t.setTimeout(180_000);
await onStage(import.meta.url);

const site = new DnsdSite();

t.test(
  'DNS-11, DNS-12: the cache outlives a restart, and nothing that happens to its file does harm',
  needs('unbound', 'dig'),
  async (t) => {
    site.clear();
    site.configure();
    const upstream = await site.startUpstream();
    t.teardown(() => upstream.stop('SIGKILL'));
    const www = (): Promise<string> => site.dig(`@${ROUTER} www.example A`);
    let dnsd = await site.start();
    t.teardown(() => dnsd.stop());
    t.equal(await www(), '198.51.100.1');
    t.notOk(existsSync(CACHE));
    t.equal(await dnsd.stop(), 0);
    t.equal(statSync(CACHE).mode & 0o777, 0o600, 'nobody else is to read what a home asks for');
    await upstream.stop('SIGKILL');

    dnsd = await site.start();
    t.equal(await www(), '198.51.100.1', 'without any upstream server');
    dnsd.kill('SIGKILL');
    await dnsd.exited;
    dnsd = await site.start();
    t.equal(await www(), '198.51.100.1', 'after a kill, from what the last stop has written');
    t.equal(await dnsd.stop(), 0);

    const octets = readFileSync(CACHE);
    octets[octets.length >> 1] = (octets[octets.length >> 1] as number) ^ 0xff;
    writeFileSync(CACHE, octets);
    dnsd = await site.start();
    t.ok(dnsd.output.includes('info cache taken over answers=0'), 'a file that is damaged is not used');
    t.equal(await www(), '', 'SERVFAIL');
    t.equal(await site.dig(`@${ROUTER} localhost A`), '127.0.0.1');
    t.equal(await dnsd.stop(), 0);

    site.configure({ cache: { keep: false } });
    dnsd = await site.start();
    t.equal(await dnsd.stop(), 0);
    t.notOk(existsSync(CACHE), 'what is not to be kept is removed');
  },
);
