/*
 * Stands in for a daemon: takes its title and prints each signal that would make it look again.
 *
 * usage: fake-daemon.ts TITLE
 */
process.title = process.argv[2] ?? '';
for (const signal of ['SIGUSR1', 'SIGHUP'] as const) process.on(signal, () => console.log(signal));
setInterval(() => undefined, 60_000);
console.log('ready');
