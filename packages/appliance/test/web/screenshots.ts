/*
 * Makes the pictures of docs/appliance/web.md: pages with made-up content, in a real browser.
 *
 * usage: node --conditions=@router7/source packages/appliance/test/web/screenshots.ts [FOLDER]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import { silentLog } from '../../src/runtime/log.ts';
import { systemClock } from '../../src/system/clock.ts';
import { routes } from '../../src/web/routes.ts';
import { Browser, type Look } from './browser.ts';
import { sampleRouter } from './sample-router.ts';

const folder = process.argv[2] ?? fileURLToPath(new URL('../../../../docs/appliance', import.meta.url));
const PAGES = { status: '/', service: '/status?path=/user/dnsd' };
const LOOKS: Readonly<Record<string, Look>> = {
  light: { width: 1280, height: 800, colours: 'light' },
  dark: { width: 1280, height: 800, colours: 'dark' },
  'phone-light': { width: 390, height: 844, colours: 'light' },
  'phone-dark': { width: 390, height: 844, colours: 'dark' },
};

const secrets = mkdtempSync(join(tmpdir(), 'r7-web-'));
const password = join(secrets, 'gokr-pw.txt');
writeFileSync(password, 'secret\n');
const { control, machine } = sampleRouter(Date.now());
const app = routes({
  control,
  machine: () => Promise.resolve(machine),
  memoryOf: (pid) => (20 + ((pid * 7919) % 17)) * 1024 ** 2,
  sbom: () => Promise.resolve('{}'),
  isImage: true,
  hostname: () => 'router7',
  passwordFiles: [password],
  clock: systemClock,
  log: silentLog,
});
const server = createServer(getRequestListener(app.fetch));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

mkdirSync(folder, { recursive: true });
const browser = await Browser.start();
await browser.headers({ authorization: `Basic ${Buffer.from('gokrazy:secret').toString('base64')}` });
for (const [page, path] of Object.entries(PAGES)) {
  for (const [name, look] of Object.entries(LOOKS)) {
    await browser.look(look);
    await browser.open(`http://127.0.0.1:${port}${path}`);
    await browser.value('new Promise((resolve) => setTimeout(resolve, 400))');
    const file = join(folder, `${page}-page-${name}.png`);
    const png = await browser.picture();
    writeFileSync(file, png);
    const width = await browser.value<number>('document.documentElement.scrollWidth');
    console.log(`${file}: ${Math.round(png.length / 1024)} KiB${width > look.width ? `, ${width} pixels wide!` : ''}`);
  }
}
for (const complaint of browser.complaints) console.log(complaint);
await browser.close();
server.close();
server.closeAllConnections();
rmSync(secrets, { recursive: true });
