import { release } from 'node:os';
import t from 'tap';
import { runInNamespace } from './namespace.ts';
import { type NewerCase, newerCases } from './newer-cases.ts';

interface Result {
  readonly refused?: string;
  readonly read?: unknown;
  readonly again?: unknown;
}

t.test('FW-30: the kernel takes and gives back what this nft program has no words for', async (t) => {
  const results = runInNamespace('newer-expressions.script.ts') as readonly Result[];
  newerCases.forEach((one, index) => {
    const result = results[index] ?? {};
    const missing = whatIsMissing(one, result);
    if (missing !== undefined) {
      t.pass(one.text, { skip: `needs ${missing}` });
      return;
    }
    const wanted = JSON.parse(JSON.stringify(one.expressions));
    t.equal(result.refused, undefined, `${one.text}: taken`);
    t.same(result.read, wanted, `${one.text}: read`);
    t.same(result.again, wanted, `${one.text}: written again as it was read`);
  });
});

function whatIsMissing({ since, option }: NewerCase, { refused }: Result): string | undefined {
  if (isBefore(release(), since)) return `Linux ${since}, here is ${release()}`;
  return refused === 'ENOENT' || refused === 'EOPNOTSUPP' ? option : undefined;
}

function isBefore(version: string, wanted: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
