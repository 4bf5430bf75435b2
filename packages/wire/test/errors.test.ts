import t from 'tap';
import { DecodeError, EncodeError, errorWithin } from '../src/index.ts';

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
  t.equal(error.path, '');
});

t.test('an EncodeError tells in which part of a value it was', async (t) => {
  const deep = new EncodeError('out-of-range', '-1 does not fit').within('lifetime').within('iaPrefix');
  t.match(deep, { code: 'out-of-range', path: 'iaPrefix.lifetime', reason: '-1 does not fit' });
  t.equal(deep.message, 'iaPrefix.lifetime: -1 does not fit');
  t.equal(new EncodeError('bad-value', 'odd', '[3]').within('rules').path, 'rules[3]');
  t.match(errorWithin('iaPd', deep), { path: 'iaPd.iaPrefix.lifetime' });
  const other = new TypeError('mine');
  t.equal(errorWithin('iaPd', other), other, 'others are not its business');
});
