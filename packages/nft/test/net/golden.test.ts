import { execFileSync } from 'node:child_process';
import t from 'tap';
import { goldenExpressions } from '../expressions/golden.ts';
import { nftVersion, RECORDED_VERSION, unlikeRecorded } from '../recorder.ts';

t.test('FW-30: the golden octets are those that this nft sends', { skip: missing() }, async (t) => {
  const rows = goldenExpressions.filter(({ listing }) => listing !== undefined);
  t.ok(rows.length > 200, `${rows.length} rows`);
  for (const row of rows) t.equal(unlikeRecorded(row), undefined, `${row.name}: ${row.text}`);
});

/** What is not here that the recording needs. */
function missing(): string | false {
  try {
    execFileSync('strace', ['--version'], { stdio: 'ignore' });
  } catch {
    return 'strace is not installed';
  }
  const version = nftVersion();
  return version === RECORDED_VERSION ? false : `needs nft ${RECORDED_VERSION}, here is ${version}`;
}
