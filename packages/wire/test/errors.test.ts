import t from 'tap';
import { DecodeError, EncodeError } from '../src/index.ts';

t.test('a DecodeError tells code, text and offset', async (t) => {
  const error = new DecodeError('truncated', 'cut off', 7);
  t.ok(error instanceof Error);
  t.equal(error.name, 'DecodeError');
  t.equal(error.code, 'truncated');
  t.equal(error.offset, 7);
  t.match(error.message, /cut off.*7/);
});

t.test('an EncodeError tells code and text', async (t) => {
  const error = new EncodeError('too-long', 'too much');
  t.ok(error instanceof Error);
  t.notOk(error instanceof DecodeError);
  t.equal(error.name, 'EncodeError');
  t.equal(error.code, 'too-long');
  t.equal(error.message, 'too much');
});
