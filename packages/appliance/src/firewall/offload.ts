import { expressions, type Flowtable, type RuleDefinition, rule } from '@router7/nft';
import { TABLE } from './names.ts';
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
export function flowtables(situation: Situation): readonly Flowtable[] {
  if (!isOn(situation)) return [];
  const { outside, home } = zonesOf(situation);
  const devices = [...outside, ...home].filter((name) => situation.links.has(name)).sort();
  if (devices.length < 2) return [];
  return [{ kind: 'flowtable', family: 'inet', table: TABLE, name: FLOWTABLE, priority: 0, devices }];
}

/** Hands flows over once both sides have been heard. */
export function offloadRules(situation: Situation): readonly RuleDefinition[] {
  if (flowtables(situation).length === 0) return [];
  return [
    rule(
      { 'ct.state': 'established', 'meta.l4proto': ['tcp', 'udp'] },
      expressions({ kind: 'flowOffload', flowtable: FLOWTABLE }),
      byDefault('known flows take the short way'),
    ),
  ];
}
