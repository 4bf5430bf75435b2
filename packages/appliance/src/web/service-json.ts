import type { ServiceStatus } from '../init/control.ts';
import { formatGoTime, ZERO_TIME } from '../state/go-time.ts';
import type { DiskUse, Machine } from './machine.ts';

/** A service as gokrazy's tools read it. */
export interface ServiceJson {
  readonly Stopped: boolean;
  /** RFC 3339; Go's zero time while it has not been started. */
  readonly StartTime: string;
  /** 0 without a process. */
  readonly Pid: number;
  readonly Path: string;
  /** The path comes first. */
  readonly Args: readonly string[];
  readonly Diverted: string;
}

/** What `GET /` answers to those who accept application/json. */
export function machineJson(machine: Machine, services: readonly ServiceStatus[]): object {
  const { perm, memory, build } = machine;
  return {
    Services: services.map(serviceJson),
    PermDev: perm.device,
    PermUsed: perm.used,
    PermAvail: perm.available,
    PermTotal: perm.total,
    PrivateAddrs: machine.privateAddresses,
    PublicAddrs: machine.publicAddresses,
    BuildTimestamp: build.timestamp,
    SBOMHash: build.sbomHash,
    Meminfo: { MemTotal: memory.total, MemAvailable: memory.available },
    Hostname: machine.hostname,
    Model: machine.model,
    PermUUID: machine.permUuid,
    // Of a Raspberry Pi.
    EEPROM: null,
    Kernel: machine.kernel,
    MountDevices: machine.mounts.map(mountJson),
  };
}

/** What `GET /status` answers to them. */
export function serviceJson(service: ServiceStatus): ServiceJson {
  const { startTime, path, args } = service;
  return {
    Stopped: service.state === 'stopped',
    StartTime: startTime === undefined ? ZERO_TIME : formatGoTime(startTime.getTime()),
    Pid: service.pid ?? 0,
    Path: path,
    Args: args[0] === path ? args : [path, ...args],
    Diverted: service.diverted,
  };
}

function mountJson({ device, used, available, total }: DiskUse): object {
  return { Dev: device, Used: used, Avail: available, Total: total };
}
