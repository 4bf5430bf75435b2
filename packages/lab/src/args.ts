import { parseArgs } from 'node:util';
import { MADE_IMAGE } from './appliance/made-image.ts';
import { isps } from './isp/profiles.ts';

/** What a person asked for. */
export interface LabOptions {
  /** Name of the provider. */
  readonly profile: string;
  readonly clients: number;
  /** Check every step once, then end. */
  readonly once: boolean;
  /** Print each step as a line of JSON. */
  readonly json: boolean;
  /** Port on the machine's loopback for the router's lease page. */
  readonly port: number;
  /** Path of the disk of an image that the router is, in QEMU; this machine's own daemons when absent. */
  readonly image: string | undefined;
  /** `router7`: the router has router7's rule set, which lets everything in; the attacker is to find that out. */
  readonly firewall: 'default' | 'router7';
  /** What is to happen once the home is online, instead of the usual steps. */
  readonly story: Story | undefined;
}

/** Stories that the lab can tell, each of steps that it checks. */
export const stories = {
  renumber: 'the provider hands out a new prefix without notice; then again, while the router is without power',
  cut: 'the line to the provider is cut: names go on being known, in counted time for three days',
  moods: 'all that the hostile provider makes of a Renew',
} as const;
/** The name of a story. */
export type Story = keyof typeof stories;

/** How the lab is called, for people. */
export function usage(): string {
  const profiles = Object.values(isps).map(
    (isp) => `  ${isp.name.padEnd(9)} ${isp.summary}\n${' '.repeat(12)}IPv6: ${isp.ipv6.summary}`,
  );
  const told = Object.entries(stories).map(([name, summary]) => `  ${name.padEnd(9)} ${summary}`);
  return `usage: ./run lab [--profile NAME] [--clients N] [--once] [--json] [--port PORT]
                [--firewall default|router7] [--story NAME] [--qemu [--image FILE]]

Builds an Internet, a provider, a router7 and a home in network namespaces, and brings the home online.
--once      check every step, print its time, end with status 1 at the first that fails
--json      print the steps as lines of JSON
--clients   computers in the home, 1 to 16 (3)
--firewall  router7: the router lets everything in, and the lab fails, as the attacker finds that out (default)
--qemu      the router is the disk image of ./run image, in QEMU: the same steps, and more patience
--image     the disk, when it is another one
--port      where the router's lease page is served on 127.0.0.1 (8067)
--profile   the provider:
${profiles.join('\n')}
--story     what happens once the home is online, checked step by step; ends like --once:
${told.join('\n')}`;
}

/** Reads the command line. Throws an Error with one clear line. */
export function parseLabOptions(args: readonly string[]): LabOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      profile: { type: 'string', default: 'embedded' },
      clients: { type: 'string', default: '3' },
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      port: { type: 'string', default: '8067' },
      firewall: { type: 'string', default: 'default' },
      story: { type: 'string' },
      qemu: { type: 'boolean', default: false },
      image: { type: 'string' },
    },
  });
  if (!Object.hasOwn(isps, values.profile)) {
    throw new Error(`--profile: found "${values.profile}", expected one of ${Object.keys(isps).join(', ')}`);
  }
  const { firewall, story } = values;
  if (firewall !== 'default' && firewall !== 'router7') {
    throw new Error(`--firewall: found "${firewall}", expected default or router7`);
  }
  if (story !== undefined && !isStory(story)) {
    throw new Error(`--story: found "${story}", expected one of ${Object.keys(stories).join(', ')}`);
  }
  if (story === 'moods' && values.profile !== 'hostile') {
    throw new Error(`--story: moods are those of --profile hostile, found --profile ${values.profile}`);
  }
  return {
    firewall,
    story,
    image: values.image ?? (values.qemu ? MADE_IMAGE : undefined),
    profile: values.profile,
    clients: integer('--clients', values.clients, 1, 16),
    once: values.once || story !== undefined,
    json: values.json,
    port: integer('--port', values.port, 0, 65535),
  };
}

function isStory(name: string): name is Story {
  return Object.hasOwn(stories, name);
}

function integer(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new Error(`${flag}: found "${text}", expected a number from ${min} to ${max}`);
  }
  return value;
}
