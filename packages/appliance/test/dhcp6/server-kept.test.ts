import { statSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { serverSecret } from '../../src/dhcp6/server-secret.ts';

t.test('D6S-02: what addresses follow from is made once, kept, and nobody else reads it', async (t) => {
  const file = `${t.testdir()}/secret`;
  const secret = serverSecret(file);
  t.equal(secret.length, 16);
  t.strictSame(serverSecret(file), secret);
  t.equal(statSync(file).mode & 0o777, 0o600);
  writeFileSync(file, 'cut off');
  const other = serverSecret(file);
  t.notSame(other, secret);
  t.strictSame(serverSecret(file), other, 'what is no secret is made anew');
});
