/**
 * `./run test [--again] [unit|net|image] [package...]`: runs tap in each package and tells the result in a few lines.
 *
 * With `--again`, as CI calls it, a file of the kinds `net` and `image` that fails is run a second time: real programs on
 * a machine that does other things as well may be late. What failed first is told all the same, as unstable.
 *
 * Tests of the kinds `net` and `image` run in namespaces of their own (network, mounts, processes), made for the one
 * tap run: whatever happens to them, Ctrl-C included, nothing of theirs outlives it. The same holds for files they
 * make below TMPDIR.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { Parser, type Result } from 'tap-parser';

const root = resolve(import.meta.dirname, '..');
const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
);

/** Where a kind of test lives in a package, and how tap is to run it. */
const kinds = {
  unit: { glob: 'test/**/*.test.ts', not: /^test\/(net|image)\//, jobs: 2, timeoutSeconds: 120, isolated: false },
  net: { glob: 'test/net/**/*.test.ts', not: undefined, jobs: 1, timeoutSeconds: 600, isolated: true },
  image: { glob: 'test/image/**/*.test.ts', not: undefined, jobs: 1, timeoutSeconds: 2400, isolated: true },
} as const;
type Kind = keyof typeof kinds;

/** A mount namespace with a fresh /run (so `ip netns` finds none of the machine's), a network of only loopback. */
const isolation = `mount -t tmpfs tmpfs /run && mkdir -p /run/netns /run/lock /run/kea && ip link set lo up && "$@"; exit $?`;

/** Who is not root becomes root of a user namespace, which most of these tests are content with. */
function userNamespace(): readonly string[] {
  if (process.getuid?.() === 0) return [];
  console.log('# Not root: servers that change to a user of their own will not start. All tests: sudo ./run test net');
  return ['--user', '--map-root-user'];
}

const wanted = process.argv.slice(2).filter((word) => word !== '--again');
const again = process.argv.includes('--again');
const unknown = wanted.filter((word) => !(word in kinds) && !packages.includes(word));
if (unknown.length > 0) {
  console.error(`run: neither a kind of test (${Object.keys(kinds).join(', ')}) nor a package: ${unknown.join(' ')}`);
  process.exit(2);
}
const wantedKinds = wanted.filter((word): word is Kind => word in kinds);
const wantedPackages = wanted.filter((word) => packages.includes(word));

const total = { passed: 0, failed: 0, skipped: [] as string[], failures: [] as string[] };
/** What failed, and passed when it was run again. */
const unstable: string[] = [];
/** How each file of the present run of tap has ended: whether well, and how many assertions of it passed. */
let files = new Map<string, { ok: boolean; passed: number }>();
const scratch = mkdtempSync(join(tmpdir(), 'router7-test-'));
let child: ChildProcess | undefined;
let signalled: NodeJS.Signals | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    signalled = signal;
    // unshare itself shrugs off SIGINT and SIGTERM; its death takes everything inside along (--kill-child).
    child?.kill(child.spawnfile === 'unshare' ? 'SIGKILL' : 'SIGTERM');
  });
}
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** tap's diagnosis, its texts of several lines as they are; without the excerpt of the source. */
function explain(diagnosis: unknown): string {
  if (typeof diagnosis !== 'object' || diagnosis === null) return '';
  return Object.entries(diagnosis)
    .filter(([key]) => key !== 'source' && key !== 'at')
    .map(([key, value]) =>
      typeof value === 'string'
        ? `${key}: ${value.trimEnd()}`
        : `${key}: ${inspect(value, { depth: 6, breakLength: 110 })}`,
    )
    .join('\n');
}

/** What tests get from the network beforehand, for there is none where they run: programs of packages/lab/src. */
const prepared: Readonly<Record<Kind, readonly string[]>> = {
  unit: [],
  net: ['internet/fetch-chrony.ts'],
  image: ['guest/fetch-kernel.ts', 'appliance/prepare-image.ts'],
};

function prepare(kind: Kind): void {
  for (const name of prepared[kind]) {
    const program = join(root, 'packages/lab/src', name);
    execFileSync(process.execPath, ['--conditions=@router7/source', program], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  }
}

/** Counts the leaves: a subtest's own line only when it fails and nothing inside it did (a time-out, a bad plan). */
function count(parser: Parser, path: readonly string[]): void {
  let failedInside = 0;
  parser.on('child', (inner: Parser) => {
    const { failed, passed } = total;
    count(inner, [...path, inner.name]);
    inner.on('complete', () => {
      failedInside = total.failed - failed;
      if (path.length === 1) files.set(inner.name, { ok: true, passed: total.passed - passed });
    });
  });
  parser.on('assert', (result: Result) => {
    const name = [...path, result.name].filter((part) => part !== '').join(' > ');
    const leaf = !result.closingTestPoint;
    if (result.skip) {
      total.skipped.push(`${name}${typeof result.skip === 'string' ? `: ${result.skip}` : ''}`);
    } else if (result.ok || result.todo) {
      if (leaf) total.passed += 1;
    } else if (leaf || failedInside === 0) {
      total.failed += 1;
      total.failures.push(name);
      console.log(`not ok ${name}\n${explain(result.diag).replaceAll(/^/gm, '    ')}`);
    }
    if (path.length === 1 && result.closingTestPoint) {
      files.set(result.name, { ok: result.ok, passed: files.get(result.name)?.passed ?? 0 });
      const seconds = ((result.time ?? 0) / 1000).toFixed(1);
      console.log(`${result.ok ? 'ok' : 'not ok'} ${path[0]}/${result.name} (${seconds} s)`);
    }
    if (!leaf) failedInside = 0;
  });
}

async function runPackage(kind: Kind, name: string): Promise<void> {
  const { glob, not, isolated } = kinds[kind];
  const names = globSync(glob, { cwd: join(root, 'packages', name) })
    .filter((file) => not?.test(file) !== true)
    .sort();
  if (names.length === 0 || signalled !== undefined) return;
  const before = { failed: total.failed, failures: total.failures.length };
  await runTap(kind, name, names);
  const late = [...files].filter(([, { ok }]) => !ok);
  if (!again || !isolated || late.length === 0 || signalled !== undefined) return;

  console.log(`# again: ${late.map(([file]) => file).join(' ')}`);
  const failures = total.failures.splice(before.failures);
  total.failed = before.failed;
  for (const [, { passed }] of late) total.passed -= passed;
  await runTap(
    kind,
    name,
    late.map(([file]) => file),
  );
  if (total.failed === before.failed) unstable.push(...failures);
}

async function runTap(kind: Kind, name: string, names: readonly string[]): Promise<void> {
  const { jobs, timeoutSeconds, isolated } = kinds[kind];
  const folder = join(root, 'packages', name);
  files = new Map();
  const tap = ['tap', '--reporter=tap', `--jobs=${jobs}`, `--timeout=${timeoutSeconds}`, '--exclude=none', ...names];
  const command = isolated
    ? [
        'unshare',
        ...userNamespace(),
        '--mount',
        '--net',
        '--pid',
        '--fork',
        '--kill-child',
        '--mount-proc',
        'sh',
        '-c',
        isolation,
        'sh',
        ...tap,
      ]
    : tap;
  const started = spawn(command[0] as string, command.slice(1), {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: scratch },
  });
  child = started;
  const before = { passed: total.passed, failed: total.failed, skipped: total.skipped.length };
  const parser = new Parser();
  count(parser, [`packages/${name}`]);
  started.stdout.pipe(parser);
  const status = await new Promise<number>((done) => {
    started.on('error', (error) => {
      console.log(`not ok packages/${name}: ${error.message}`);
      done(127);
    });
    started.on('close', (code) => done(code ?? 1));
  });
  child = undefined;
  if (signalled !== undefined) return;
  // tap may fail without a failing line, and a run that tells of no test at all is not a success either.
  const silent = total.passed === before.passed && total.skipped.length === before.skipped;
  if (total.failed === before.failed && (status !== 0 || silent)) {
    total.failed += 1;
    total.failures.push(`packages/${name}: ${kind} tests ended with status ${status}`);
  }
}

for (const kind of wantedKinds.length > 0 ? wantedKinds : (Object.keys(kinds) as Kind[])) {
  if (signalled === undefined) prepare(kind);
  for (const name of wantedPackages.length > 0 ? wantedPackages : packages) await runPackage(kind, name);
}

if (signalled !== undefined) {
  console.log(`interrupted by ${signalled}`);
} else {
  for (const name of total.skipped) console.log(`skipped ${name}`);
  for (const name of unstable) console.log(`unstable, passed when run again: ${name}`);
  for (const name of total.failures) console.log(`failed ${name}`);
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = signalled !== undefined ? 130 : total.failed > 0 ? 1 : 0;
