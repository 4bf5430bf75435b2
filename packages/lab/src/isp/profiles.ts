import { dnsmasq } from './dnsmasq.ts';
import { embedded } from './embedded.ts';
import { fiber7 } from './fiber7.ts';
import { hostile } from './hostile.ts';
import type { Isp } from './isp.ts';
import { kea } from './kea.ts';

/** The providers by name. */
export const isps: Readonly<Record<string, Isp>> = { embedded, kea, dnsmasq, fiber7, hostile };
