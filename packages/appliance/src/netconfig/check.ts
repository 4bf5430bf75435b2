import type { Firewall } from '../firewall/firewall.ts';
import { after } from './after.ts';
import { type Kernel, readKernelState } from './apply.ts';
import type { Configuration } from './configuration.ts';
import { earlierAddresses, endpointHosts, homeNames, lanAddress, surroundingsOf } from './derive.ts';
import type { EndpointResolver } from './endpoint-resolver.ts';
import { differingParameters, forwardingParameters } from './forwarding.ts';
import { foresee } from './network.ts';
import { resolvConfIntent } from './resolv-conf.ts';
import type { Wanted } from './wanted.ts';

/** What {@link check} found. */
export interface Checked {
  /** What would be changed, a line each: `+` made, `-` removed, `~` changed. None when all is as configured. */
  readonly lines: readonly string[];
  /** What is wrong: files that cannot be used, a kernel that does not answer. */
  readonly errors: readonly Error[];
  /** What is passed over, or not there. */
  readonly warnings: readonly string[];
}

/** What {@link check} asks. */
export interface CheckSources {
  readonly kernel: Kernel;
  readonly firewall: Firewall;
  readonly configuration: Configuration;
  readonly resolver: EndpointResolver;
  /** Path of resolv.conf. */
  readonly resolvConf: string;
}

/** What a run would change now; nothing is changed. Never rejects. */
export async function check(sources: CheckSources): Promise<Checked> {
  const { kernel, firewall, configuration, resolver, resolvConf } = sources;
  const {
    want,
    known,
    unsettled,
    errors: unread,
    warnings: passedOver,
  } = configuration.read(Date.now(), performance.now());
  const errors = [...unread, ...firewall.readFiles()];
  const warnings = [...passedOver];
  const lines: string[] = [];
  const attempt = async (work: () => Promise<void> | void): Promise<void> => {
    try {
      await work();
    } catch (error) {
      errors.push(error as Error);
    }
  };
  if (unsettled !== undefined) {
    const numbers = Object.entries(unsettled.subnets).map(([lan, id]) => `${lan} ${id}`);
    const ula = unsettled.ula === undefined ? [] : [`unique local prefix ${unsettled.ula}`];
    lines.push(`~ file ${configuration.subnetsFile}: ${[...numbers, ...ula].join(', ')}`);
  }
  await attempt(async () => {
    const links = await kernel.route.links();
    const routes = await kernel.route.routes();
    if (known || !(await firewall.isThere())) {
      const difference = await firewall.difference(surroundingsOf(want, links, routes));
      lines.push(...difference.lines);
      warnings.push(...difference.warnings);
    }
  });
  await attempt(async () => {
    resolver.follow(endpointHosts(want));
    await resolver.settled();
    const resolved = resolver.follow(endpointHosts(want));
    resolver.close();
    const wanted: Wanted = { ...want, resolved, given: new Map(), wallSeconds: Date.now() / 1000 };
    const before = await readKernelState(kernel, wanted);
    errors.push(...before.unread);
    const network = foresee(wanted, before);
    lines.push(...network.lines);
    warnings.push(...network.remarks);
    const names = network.operations.reduce(after, before).links.map(({ name }) => name);
    const parameters = forwardingParameters(new Set(names), homeNames(want), want.interfaces.icmp_ratelimit);
    for (const { name, value } of differingParameters(parameters)) lines.push(`~ sysctl ${name} = ${value}`);
    const nameServer = lanAddress(want.interfaces);
    const earlier = earlierAddresses(before, configuration.keptInterfaces);
    if (nameServer !== undefined && resolvConfIntent(resolvConf, nameServer, earlier) !== 'leave') {
      lines.push(`~ file ${resolvConf}: nameserver ${nameServer}`);
    }
  });
  return { lines, errors, warnings };
}
