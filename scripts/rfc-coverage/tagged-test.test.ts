import t from 'tap';
import { renderCoverage } from './document.ts';
import { taggedTests, tagsOf } from './tagged-test.ts';

t.test('rows and sections in a text', async (t) => {
  const rows: readonly [text: string, rows: string[], sections: string[]][] = [
    ['D6C-05 renews at T1 (RFC 9915 18.2.4)', ['D6C-05'], ['RFC 9915 18.2.4']],
    ['G-4, G-5: RFC 7084 section 4.1', ['G-4', 'G-5'], ['RFC 7084 4.1']],
    ['WPD-10 is not WPD-1', ['WPD-10', 'WPD-1'], []],
    ['RA-01x XRA-01 RA-011 are none', [], []],
    ['RFC 9915 14.2, 21.4 and 21.21: T1 of 0', [], ['RFC 9915 14.2', 'RFC 9915 21.4', 'RFC 9915 21.21']],
    ['RFC 4861 sections 6.2.4 and 6.2.6', [], ['RFC 4861 6.2.4', 'RFC 4861 6.2.6']],
    ['RFC 9915 11', [], ['RFC 9915 11']],
    ['RFC 2131 4.3.1: 255 clients', [], ['RFC 2131 4.3.1']],
    ['RFC 3396 with 300 octets', [], []],
    ['RFC 9096 and RFC 7084 4.1', [], ['RFC 7084 4.1']],
  ];
  for (const [text, expectedRows, sections] of rows) t.strictSame(tagsOf(text), { rows: expectedRows, sections }, text);
});

const source = `
// Covers: RA-10
import t from 'tap';

const table = [{ name: 'L-2 a row of a table', value: 1 }];
for (const { name } of table) t.test(name, () => {});
for (const peer of ['kea']) {
  t.test(
    \`D6C-05 against \${peer}\`,
    async () => {},
  );
}
// Covers: D6C-06, RFC 9915 14.2
t.test('zeros', () => {});
t.test('D6C-07 not yet', { skip: true }, () => {});
t.test('D6C-08 only where there is one', { skip: hasKea ? false : 'no Kea' }, () => {});
t.test('D6C-07 by another name', () => {});
t.test('names nothing', () => {});
t.equal(1, 1, 'L-16: capped');
t.equal(1, 1, 'not L-15');
`;

t.test('tests of a file', async (t) => {
  const found = taggedTests('packages/lab/test/net/x.test.ts', source);
  t.strictSame(
    found.map(({ title, rows, sections }) => [title, ...rows, ...sections]),
    [
      ['L-2 a row of a table', 'L-2'],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the source
      ['D6C-05 against ${peer}', 'D6C-05'],
      ['zeros', 'D6C-06', 'RFC 9915 14.2'],
      ['D6C-08 only where there is one', 'D6C-08'],
      ['D6C-07 by another name', 'D6C-07'],
      ['L-16: capped', 'L-16'],
      ['(all of it)', 'RA-10'],
    ],
  );
  t.ok(found.every(({ kind }) => kind === 'net'));
  t.equal(taggedTests('packages/dhcp6/test/x.test.ts', source)[0]?.kind, 'unit');
  t.strictSame(
    taggedTests('packages/lab/src/steps.ts', source).map(({ title, kind }) => [title, kind]),
    [
      ['(all of it)', 'lab'],
      ['(all of it)', 'lab'],
    ],
  );
});

t.test('the document', async (t) => {
  const document = renderCoverage(taggedTests('packages/lab/test/net/x.test.ts', source));
  t.match(document, '| D6C-05 | M | Renew at T1, Rebind at T2 | RFC 9915 18.2.4, RFC 9915 18.2.5 | 1 in 1 | net |');
  t.match(document, '| 18.2.5 | D6C-05 | lab/net/x.test.ts | D6C-05 against … | net |');
  t.match(document, '| 4.2 | WAA-8 | lab/net/x.test.ts | D6C-07 by another name | net |', 'a row that says the same');
  t.match(document, '| 14.2 | D6C-06 | lab/net/x.test.ts | zeros | net |');
  t.match(document, '| 18.2.12 | D6C-12 |  |  | **open** |');
  t.ok(document.indexOf('| 18.2.9 |') < document.indexOf('| 18.2.10 |'), 'in the order of numbers');
});
