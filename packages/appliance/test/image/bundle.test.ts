import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePrograms } from '@router7/appliance/image/bundle/bundle-programs';
import { programText } from '@router7/appliance/image/bundle/program-text';
import { programsOfImage } from '@router7/appliance/image/bundle/programs';
import { services } from '@router7/appliance/init/services';
import t from 'tap';

// Outside of the repository, where a bundle finds no package that it has left out.
const root = mkdtempSync(join(tmpdir(), 'bundle-'));
t.teardown(() => rmSync(root, { recursive: true }));
await bundlePrograms(root);

/** Runs a program as the image does. */
function run(command: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(join(root, 'gokrazy/node'), [join(root, command), ...args], { cwd: '/', env: {}, encoding: 'utf8' });
}

t.test('IM-07 has a program for each service, and no other one', async (t) => {
  t.same(readdirSync(join(root, 'user')).sort(), services.map(({ name }) => name).sort());
  for (const { name } of services) {
    // Everything is loaded, native code too, before a daemon looks at its flags.
    const { status, stderr } = run(`user/${name}`, '-nonsense');
    t.equal(status, 2, `${name} starts`);
    t.match(stderr, new RegExp(`^${name}: found -nonsense, expected one of .*\\n$`), name);
  }
});

t.test('IM-07 loads no code but its own', async (t) => {
  const lib = readdirSync(join(root, 'gokrazy/lib'));
  for (const { name } of programsOfImage()) {
    const text = readFileSync(join(root, `gokrazy/lib/${name}.js`), 'latin1');
    for (const [, wanted = ''] of text.matchAll(/\b(?:require|import)\("([^"]+)"\)/g)) {
      t.ok(isBuiltin(wanted) || (wanted.startsWith('./') && lib.includes(wanted.slice(2))), `${name}: ${wanted}`);
    }
    t.notMatch(text, /node-gyp-build|@koromix/, `${name} looks for native addons in one place`);
  }
});

/** Whether V8 takes the cache of a program in a process with these options. */
function takesCache(name: string, nodeOptions: readonly string[]): boolean {
  const probe = `const { readFileSync: read } = require('node:fs');
const path = ${JSON.stringify(join(root, 'gokrazy/lib', name))};
const options = { cachedData: read(path + '.cache') };
process.stdout.write(String(new (require('node:vm').Script)(read(path + '.js', 'latin1'), options).cachedDataRejected));`;
  const { stdout } = spawnSync(join(root, 'gokrazy/node'), [...nodeOptions, '--eval', probe], { encoding: 'utf8' });
  return stdout === 'false';
}

t.test('IM-07 speaks English and knows all time zones, domain names and forms of Unicode', (t) => {
  const ask = (expression: string): string =>
    spawnSync(join(root, 'gokrazy/node'), ['--print', expression], { env: {}, encoding: 'utf8' }).stdout.trimEnd();
  const date = (language: string): string =>
    ask(`new Intl.DateTimeFormat('${language}', { timeZone: 'Asia/Tokyo', dateStyle: 'full', timeStyle: 'long' })
      .format(0).replaceAll('\u202f', ' ')`);
  t.equal(date('en-GB'), 'Thursday, 1 January 1970 at 09:00:00 GMT+9');
  t.equal(date('en'), 'Thursday, January 1, 1970 at 9:00:00 AM GMT+9');
  t.equal(date('de'), date('en'), 'another language is not there');
  t.equal(ask(`'B a \u00e4 c'.split(' ').sort((a, b) => a.localeCompare(b)).join('')`), 'a\u00e4Bc');
  t.equal(ask(`['NFC', 'NFD', 'NFKC', 'NFKD'].map((form) => '\u00c5\ufb01'.normalize(form).length).join()`), '2,3,3,4');
  t.equal(ask(`new URL('http://B\u00dccher.example').host`), 'xn--bcher-kva.example');
  t.equal(ask(`(1234567.891).toLocaleString() + 'STRASSE'.toLocaleLowerCase()`), '1,234,567.891strasse');
  t.equal(ask(`[...'a \u00e9! b'.matchAll(/\\p{L}/gu)].length`), '3');
  t.end();
});

t.test('IM-07 has compiled each program for the Node that runs it, with the options it runs with', async (t) => {
  for (const { name, nodeOptions } of programsOfImage()) {
    t.ok(takesCache(name, nodeOptions), name);
    // With any other option of V8, Node does not take the caches of its own modules.
    for (const option of nodeOptions)
      t.match(option, /^--((max-(semi|old)-space|v8-pool)-size=\d+|disable-warning=.+)$/, name);
  }
  const { name } = services[0] as { name: string };
  t.notOk(takesCache(name, ['--no-opt']), 'V8 looks whether it fits');
  // And compiles when it does not.
  const { stderr } = spawnSync(join(root, 'gokrazy/node'), ['--no-opt', join(root, 'user', name), '-x'], {
    encoding: 'utf8',
  });
  t.match(stderr, `${name}: found -x, expected one of `);
});

t.test('IM-07 has the program of each thread beside those of the daemons', async (t) => {
  const sources = fileURLToPath(new URL('../../src', import.meta.url));
  const names = programsOfImage().map(({ name }) => name);
  let found = 0;
  for (const path of globSync('**/*.ts', { cwd: sources })) {
    const text = readFileSync(join(sources, path), 'utf8');
    if (!/\bnew Worker\(/.test(text)) continue;
    const [, thread = `that of ${path}`] =
      /new URL\(`\.\/([a-z-]+)\$\{extname\(import\.meta\.url\)\}`/.exec(text) ?? [];
    t.ok(names.includes(thread), `${basename(path)} starts ${thread}`);
    found++;
  }
  t.ok(found > 0);
});

t.test('IM-07 a program may wait outside of functions, but not for what never comes', async (t) => {
  const folder = t.testdir({
    'waits.ts': `import { setTimeout as sleep } from 'node:timers/promises';\nawait sleep(1);\nprocess.stdout.write('awake');\n`,
    'hangs.ts': 'await new Promise(() => undefined);\n',
    'throws.ts': `await Promise.reject(new Error('on purpose'));\n`,
  });
  const runSource = async (name: string): Promise<ReturnType<typeof run>> => {
    const lib = join(root, 'gokrazy/lib');
    writeFileSync(join(lib, `${name}.js`), await programText(join(folder, `${name}.ts`)));
    writeFileSync(join(lib, `${name}.cjs`), `require('./start.cjs').start('${name}');`);
    return run(`gokrazy/lib/${name}.cjs`);
  };
  t.match(await runSource('waits'), { status: 0, stdout: 'awake' });
  // As modules do.
  t.match(await runSource('hangs'), { status: 13 });
  t.match(await runSource('throws'), { status: 1, stderr: /on purpose/ });
});
