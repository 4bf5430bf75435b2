import { chronyd } from './chrony.ts';

/* Gets chronyd while there is a network: the tests run where there is none. */
if (chronyd() === undefined) console.error('run: no chronyd; the tests against it are skipped');
