import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from '../runtime/log.ts';
import { type Card, ethernetCards } from './first-start.ts';

/*
 * A card and its peer take two or three seconds to agree on a speed: time in which netconfigd and the clients start, when the
 * link is switched on before them. Nobody listens yet and there are no addresses; that there will be none before netconfigd
 * has put up the firewall, is seen to here.
 */

/** Those that netconfigd gives IPv6 back, by name. */
const NAMES = ['uplink0', 'lan0'];

/** Parameters of IPv6 for a link without any address: none that it makes (addr_gen_mode), none that routers tell it of. */
const SILENT = { addr_gen_mode: 1, accept_ra: 0 } as const;

/** Longer than it takes on any machine, milliseconds: the router starts without. */
const PATIENCE = 2000;

/** What {@link raiseLinks} looks at and changes: whoever gives other files says, too, what is done instead. */
export interface LinkMachine {
  /** Below which all files are. */
  readonly root: string;
  /** Runs a program of the shell. What has not been done when the signal comes is not to be done any more. */
  readonly run: (script: string, signal: AbortSignal) => Promise<unknown>;
}

const thisMachine: LinkMachine = { root: '/', run: runInShell };

/** Ends the shell by SIGKILL when the signal comes, and waits for nobody then: a command may hang in the kernel. */
export function runInShell(script: string, signal: AbortSignal): Promise<unknown> {
  return promisify(execFile)('/bin/sh', ['-c', script], { signal, killSignal: 'SIGKILL' });
}

/**
 * Names cards as /perm/interfaces.json says and switches them on, and the ports of bridges. What cannot be read or done,
 * netconfigd does later, and tells of.
 *
 * @returns settles after `patienceMs` at the latest, whatever the kernel does
 */
export async function raiseLinks(
  log: Log,
  { root, run }: LinkMachine = thisMachine,
  patienceMs: number = PATIENCE,
): Promise<void> {
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(new Error(`not within ${patienceMs / 1000} s`)), patienceMs);
  try {
    const config: unknown = JSON.parse(readFileSync(join(root, 'perm/interfaces.json'), 'utf8'));
    const script = raisingScript(config, ethernetCards(root));
    if (script === '') return;
    const isOver = new Promise<never>((_, reject) => {
      end.signal.addEventListener('abort', () => reject(end.signal.reason));
    });
    await Promise.race([run(script, end.signal), isOver]);
  } catch (error) {
    log.warn('links are switched on later', { error });
  } finally {
    clearTimeout(timer);
  }
}

/** A program for the shell. @param config what is in /perm/interfaces.json, whatever that is */
export function raisingScript(config: unknown, cards: readonly Card[]): string {
  const { interfaces, bridges } = (config ?? {}) as Readonly<Record<string, unknown>>;
  const ports = listOf(bridges).flatMap(({ interface_hardware_addrs: ports }) => (Array.isArray(ports) ? ports : []));
  // An entry with the name of a bridge means the bridge, whatever hardware address it says: a card would hold its name.
  const entries = listOf(interfaces).filter(({ name }) => !listOf(bridges).some((bridge) => bridge.name === name));
  const names = new Set(cards.map(({ name }) => name));
  return cards
    .filter(({ isUp }) => !isUp)
    .flatMap(({ name, hardwareAddress }) => {
      const is = (address: unknown): boolean =>
        typeof address === 'string' && address.toLowerCase() === hardwareAddress;
      const entry = entries.find(({ hardware_addr: address }) => is(address));
      if (entry === undefined) return ports.some(is) ? [raise(name, name)] : [];
      const wanted = entry.name;
      // It gets another address while it is switched off.
      if (entry.spoof_hardware_addr || !NAMES.includes(wanted as string)) return [];
      return wanted === name || !names.has(wanted as string) ? [raise(name, wanted as string)] : [];
    })
    .join('\n');
}

function raise(name: string, wanted: string): string {
  const silence = Object.entries(SILENT).map(
    ([parameter, value]) => `echo ${value} >/proc/sys/net/ipv6/conf/${name}/${parameter}`,
  );
  const rename = name === wanted ? [] : [`ip link set ${name} name ${wanted}`];
  return [...silence, ...rename, `ip link set ${wanted} up`].join(' && ');
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}
