import { Ipv4Address } from '@router7/wire';
import t from 'tap';
import { createLog, type LogLevel } from '../../src/runtime/log.ts';

function lineOf(message: string, fields: Record<string, unknown>, level: LogLevel = 'debug'): string {
  let text = '';
  createLog((line) => {
    text += line;
  }, level).info(message, fields);
  return text;
}

t.test('one line per event', (t) => {
  const rows: [message: string, fields: Record<string, unknown>, line: string][] = [
    ['started', {}, 'info started\n'],
    ['lease', { address: Ipv4Address.parse('10.0.0.2'), seconds: 1200 }, 'info lease address=10.0.0.2 seconds=1200\n'],
    [
      'x',
      { gone: undefined, none: null, list: [1, 2], map: { a: 1 } },
      'info x none=null list="[1,2]" map="{\\"a\\":1}"\n',
    ],
    ['x', { error: new Error('no such file') }, 'info x error="no such file"\n'],
    ['x', { host: '' }, 'info x host=""\n'],
    // A host's name must not be able to forge a line or a field.
    ['x', { host: 'a\nerror forged' }, 'info x host="a\\u000aerror forged"\n'],
    ['x', { host: 'a" b="c' }, 'info x host="a\\" b=\\"c"\n'],
    ['x', { host: 'a\\' }, 'info x host="a\\\\"\n'],
    ['x\ny', { host: '\u001b[2J\u2028' }, 'info x\\u000ay host="\\u001b[2J\\u2028"\n'],
  ];
  for (const [message, fields, line] of rows) t.equal(lineOf(message, fields), line);
  t.equal(lineOf('quiet', {}, 'warn'), '');
  t.end();
});
