import t from 'tap';
import { killRepeatedly } from '../runtime/fixtures/journal-kills.ts';

t.setTimeout(300_000);

t.test('kill -9 while syncing on the spot', (t) => killRepeatedly(t, 'now', 25));
t.test('kill -9 while syncing in a thread', (t) => killRepeatedly(t, 'later', 25));
