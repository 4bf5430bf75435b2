import type { ForwarderSettings, ForwarderTimings } from './settings.ts';

/** Everyone has an answer within two seconds. */
export const DEFAULT_TIMINGS: ForwarderTimings = {
  clientTimerMs: 1800,
  giveUpMs: 1900,
  resolutionMs: 6000,
  refreshHoldMs: 30_000,
  probeMs: 10_000,
  downProbeMs: 500,
  minimumHedgeMs: 20,
  maximumHedgeMs: 400,
  attempts: 6,
};

/** The settings of a home's router; there are no upstreams yet. */
export const DEFAULT_SETTINGS: ForwarderSettings = {
  upstreams: [],
  domains: [],
  rebindProtection: true,
  rebindAllow: [],
  mixedCase: true,
  cookies: true,
  clientSubnet: false,
  blockAnswer: 'nxdomain',
  identity: new Uint8Array(0),
  rateLimit: undefined,
  maximumUdpSize: 1232,
  tcpIdleMs: 10_000,
  maximumPending: 2048,
  maximumAskers: 4096,
  timings: DEFAULT_TIMINGS,
};
