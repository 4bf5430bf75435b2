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
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const SERVICE = '/status?path=/user/dnsd';
const PICTURES: readonly (readonly [name: string, path: string, look: Look])[] = [
  ['status-page-light', '/', { ...WIDE, colours: 'light' }],
  ['status-page-dark', '/', { ...WIDE, colours: 'dark' }],
  ['status-page-phone-light', '/', { ...PHONE, colours: 'light' }],
  ['status-page-phone-dark', '/', { ...PHONE, colours: 'dark' }],
  ['service-page-light', SERVICE, { ...WIDE, colours: 'light' }],
  ['service-page-dark', SERVICE, { ...WIDE, colours: 'dark' }],
  ['service-page-phone-dark', SERVICE, { ...PHONE, colours: 'dark' }],
];

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
for (const [name, path, look] of PICTURES) {
  await browser.look(look);
  await browser.open(`http://127.0.0.1:${port}${path}`);
  // The log is live by then.
  await browser.value('new Promise((resolve) => setTimeout(resolve, 400))');
  const file = join(folder, `${name}.png`);
  const png = await browser.picture();
  writeFileSync(file, png);
  const width = await browser.value<number>('document.documentElement.scrollWidth');
  console.log(`${file}: ${Math.round(png.length / 1024)} KiB${width > look.width ? `, ${width} pixels wide!` : ''}`);
}
for (const complaint of browser.complaints) console.log(complaint);
await browser.close();
server.close();
server.closeAllConnections();
rmSync(secrets, { recursive: true });
