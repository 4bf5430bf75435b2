import { type FlowtableDefinition, flow, type RuleDefinition, rule } from '@router7/nft';
import { isWide } from './nat-filtering.ts';
import { byDefault } from './provenance.ts';
import { type Situation, zonesOf } from './situation.ts';

/*
 * Known flows past the rules. What goes that way meets neither filter nor counter: `forward` of the metrics counts the
 * packets that make a flow known, and those that end it.
 */

const FLOWTABLE = 'known-flows';

/**
 * Whether flows are handed over: not past a queue that shapes, nor past the tables of a wider filtering, which each packet
 * has to refresh, nor where the kernel cannot.
 */
function isOn(situation: Situation): boolean {
  const { config, canOffload } = situation;
  return config.offload && !config.shaping && !isWide(situation) && canOffload;
}

/** The interfaces that flows take the short way between; the kernel refuses one that is not there. */
export function flowtables(situation: Situation): Readonly<Record<string, FlowtableDefinition>> {
  if (!isOn(situation)) return {};
  const { outside, home } = zonesOf(situation);
  const devices = [...outside, ...home].filter((name) => situation.links.has(name)).sort();
  return devices.length < 2 ? {} : { [FLOWTABLE]: { devices } };
}

/** Hands flows over once both sides have been heard. */
export function offloadRules(situation: Situation): readonly RuleDefinition[] {
  if (flowtables(situation)[FLOWTABLE] === undefined) return [];
  return [
    rule(
      { 'ct.state': 'established', 'meta.l4proto': ['tcp', 'udp'] },
      flow(FLOWTABLE),
      byDefault('known flows take the short way'),
    ),
  ];
}
