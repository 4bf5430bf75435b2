import { existsSync } from 'node:fs';
import { MemoryLeaseTable, type ServerConfig, ServerEngine } from '@router7/dhcp4';
import { Ipv4Prefix } from '@router7/wire';
import { readOrReport } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import { DHCP4D_CONFIG_FILE, type Dhcp4dInterface, parseDhcp4dConfig } from '../state/dhcp4d-config.ts';
import { INTERFACES_FILE, type InterfacesConfig, parseInterfaces } from '../state/interfaces.ts';
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
 * @returns undefined when the interface has no IPv4 address, or no room for clients
 */
export function readServerSettings(
  interfaceName: string,
  log: Log,
  before?: ReadSettings,
  interfacesFile: string = INTERFACES_FILE,
  configFile: string = DHCP4D_CONFIG_FILE,
): ReadSettings | undefined {
  const interfaces = readOrReport(interfacesFile, parseInterfaces, log);
  if (interfaces === undefined && before !== undefined && existsSync(interfacesFile)) return before;
  const prefix = ownPrefix(interfaceName, log, interfaces, interfacesFile);
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

function ownPrefix(
  interfaceName: string,
  log: Log,
  config: InterfacesConfig | undefined,
  file: string,
): Ipv4Prefix | undefined {
  const text = config?.interfaces.find(({ name }) => name === interfaceName)?.addr ?? '';
  if (text === '' || text.includes(':')) {
    log.warn('no IPv4 address to serve from', { interface: interfaceName, file });
    return undefined;
  }
  return Ipv4Prefix.parse(text);
}
