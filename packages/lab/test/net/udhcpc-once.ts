import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Host } from '../../src/host.ts';

/** Runs busybox's udhcpc until it has a lease or gives up. @returns the environment of its `bound` script */
export async function udhcpc(host: Host, device: string, args: readonly string[] = []): Promise<string> {
  writeFileSync('/tmp/script', '#!/bin/sh\n[ "$1" = bound ] && env > /tmp/lease\nexit 0\n', { mode: 0o755 });
  rmSync('/tmp/lease', { force: true });
  const once = ['udhcpc', '-f', '-q', '-n', '-i', device, '-s', '/tmp/script', '-t', '5', '-T', '3', ...args];
  await host.run('busybox', once, 60_000);
  return readFileSync('/tmp/lease', 'utf8');
}

/** A value of {@link udhcpc}'s result; empty when it is not there. */
export function value(lease: string, name: string): string {
  return new RegExp(`^${name}=(.*)$`, 'm').exec(lease)?.[1] ?? '';
}
