import { existsSync } from 'node:fs';
import { MemoryLeaseTable, type ServerConfig, ServerEngine } from '@router7/dhcp4';
import { Ipv4Prefix } from '@router7/wire';
import { readOrReport } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import { DHCP4D_CONFIG_FILE, type Dhcp4dInterface, parseDhcp4dConfig } from '../state/dhcp4d-config.ts';
import { INTERFACES_FILE, parseInterfaces } from '../state/interfaces.ts';
import { serverSettings } from './server-settings.ts';

/** Settings of an engine, and a text that differs when they do: conditions of classes cannot be compared. */
export interface ReadSettings {
  readonly config: ServerConfig;
  readonly key: string;
}

/**
 * The settings of an interface as the files have them: its address from interfaces.json, the rest from config.json, which
 * nobody needs to write. What is wrong with a file is told in the log; settings that contradict themselves are as
 * none.
 *
 * @param before what is in force: it goes on when a file cannot be used, for a slip of the pen must neither end the
 *   service nor take the reservations away
 * @param present the address that the interface has now, for when the file cannot be used and nothing is in force
 * @returns undefined when the interface has no IPv4 address, or no room for clients
 */
export function readServerSettings(
  interfaceName: string,
  log: Log,
  before?: ReadSettings,
  interfacesFile: string = INTERFACES_FILE,
  configFile: string = DHCP4D_CONFIG_FILE,
  present?: Ipv4Prefix,
): ReadSettings | undefined {
  const prefix = ownPrefix(interfaceName, log, interfacesFile, before?.config.subnets[0]?.prefix ?? present);
  if (prefix === undefined) return undefined;
  const kept = before?.config.subnets[0]?.prefix.toString() === prefix.toString() ? before : undefined;
  const file = readOrReport(configFile, parseDhcp4dConfig, log);
  if (file === undefined && kept !== undefined && existsSync(configFile)) return kept;
  const config = file?.interfaces[interfaceName];
  const make = (settings: Dhcp4dInterface | undefined): ReadSettings | undefined => {
    try {
      const config = serverSettings(prefix, settings);
      // The engine knows what contradicts itself.
      new ServerEngine(config, new MemoryLeaseTable(), { random: () => 0 });
      return { config, key: JSON.stringify([prefix.toString(), settings]) };
    } catch (error) {
      log.error('settings unusable', { interface: interfaceName, file: settings && configFile, error });
      return undefined;
    }
  };
  return config === undefined ? make(undefined) : (make(config) ?? kept ?? make(undefined));
}

/** @param instead for an interface whose entry is there, but cannot be used */
function ownPrefix(
  interfaceName: string,
  log: Log,
  file: string,
  instead: Ipv4Prefix | undefined,
): Ipv4Prefix | undefined {
  let damaged = existsSync(file);
  const parse = (text: string, file: string): ReturnType<typeof parseInterfaces> => {
    const parsed = parseInterfaces(text, file);
    damaged = parsed.damaged;
    return parsed;
  };
  const config = readOrReport(file, parse, log);
  const own = config?.interfaces.find(({ name }) => name === interfaceName);
  if (own === undefined && damaged && instead !== undefined) {
    log.warn('serving from the address of before', { interface: interfaceName, file, address: instead });
    return instead;
  }
  const text = own?.addr ?? '';
  if (text === '' || text.includes(':')) {
    log.warn('no IPv4 address to serve from', { interface: interfaceName, file });
    return undefined;
  }
  return Ipv4Prefix.parse(text);
}
