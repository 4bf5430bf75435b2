import { writeSync } from 'node:fs';
import { connect } from 'node:net';

/** Names the socket of the supervisor that has started this process. */
export const SUPERVISOR_VARIABLE = 'ROUTER7_SUPERVISOR';
/** Names the service that this process was started as. */
export const SERVICE_VARIABLE = 'ROUTER7_SERVICE';
/**
 * How the line begins by which a process tells its exit status. The supervisor that has started it may have been replaced,
 * and the new one is not its parent, who alone is told by the kernel. Texts in logs hold no such character.
 */
export const LAST_WORDS = '\0exit ';

/** A supervisor that was killed is back sooner, in milliseconds. */
const PATIENCE = 10_000;
const RETRY = 250;

/** Lines that are not delivered yet. */
const underWay = new Set<string>();
let isReady = false;

/** Tells the supervisor, if there is one, that this daemon serves. Only the first call does anything. */
export function tellReady(): void {
  if (isReady || process.env[SUPERVISOR_VARIABLE] === undefined) return;
  isReady = true;
  process.on('exit', sayLastWords);
  deliver({ ready: true });
}

/** Asks the supervisor, if there is one, to signal another daemon; for daemons that may not do so themselves. */
export function requestSignal(name: string, signal: 'SIGUSR1' | 'SIGHUP' = 'SIGUSR1'): void {
  deliver({ signal: name, kind: signal });
}

/** Never keeps the process alive. What is still to be delivered need not be said twice. */
function deliver(message: object): void {
  const path = process.env[SUPERVISOR_VARIABLE];
  const line = `${JSON.stringify(message)}\n`;
  if (path === undefined || underWay.has(line)) return;
  underWay.add(line);
  attempt(path, line, performance.now() + PATIENCE);
}

function attempt(path: string, line: string, until: number): void {
  const connection = connect(path).unref();
  connection.on('error', () => {
    if (performance.now() < until) setTimeout(attempt, RETRY, path, line, until).unref();
    else underWay.delete(line);
  });
  connection.on('connect', () => {
    // From here on a change that the line does not tell of is another one.
    underWay.delete(line);
    connection.end(line);
  });
  connection.resume();
}

function sayLastWords(status: number): void {
  try {
    writeSync(1, `${LAST_WORDS}${status}\n`);
  } catch {
    // The pipe is full, or closed.
  }
}
