import { endLeftBehind } from './left-behind.ts';
import { services } from './services.ts';
import { Supervisor } from './supervisor.ts';

process.title = '/user/init';

const supervisor = new Supervisor(services, (service, message) => {
  process.stdout.write(`${service}: ${message}\n`);
});

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void supervisor.stop().then(() => process.exit(0));
  });
}
// netconfigd tells process 1 by SIGHUP that addresses have changed; there is nothing to listen on yet.
process.on('SIGHUP', () => undefined);

for (const name of await endLeftBehind(services.map(({ name }) => name))) {
  process.stdout.write(`${name}: ended, an earlier supervisor had left it behind\n`);
}
if (!stopping) supervisor.start();
