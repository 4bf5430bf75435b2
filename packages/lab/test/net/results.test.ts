import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { Program } from '../../src/program.ts';

const script = fileURLToPath(new URL('results.script.ts', import.meta.url));

t.test('a program on a stage hands its results to a file below /tmp, all of them', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'router7-results-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'of', 'its', 'own');
  const program = new Program('stage', [process.execPath, '--conditions=@router7/source', script, path]);
  t.equal(await program.exited, 7, 'its status is passed on');
  t.same(JSON.parse(readFileSync(`${path}/handed.json`, 'utf8')), { from: 'the stage'.repeat(100_000) });
  t.notOk(existsSync('/tmp/written'), 'what it writes itself is gone with the stage');
});
