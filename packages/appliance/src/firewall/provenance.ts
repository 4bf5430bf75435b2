import { comment, type Statement } from '@router7/nft';

/** What a comment of a rule may have at most, in octets. */
const LONGEST = 127;

/** Says that a rule is there without anybody having asked for it, and why. */
export function byDefault(why: string): Statement {
  return comment(cut(`default: ${why}`));
}

/**
 * Says which entry of which file made a rule.
 *
 * @param file without its folder: `portforwardings.json`
 * @param entry `forwardings[2]`
 */
export function madeBy(file: string, entry: string): Statement {
  return comment(cut(`${file} ${entry}`));
}

/** Says which key of firewall.json decides about a rule; `default: ...` while it is not set otherwise. */
export function decidedBy(key: string, why: string): Statement {
  return comment(cut(`firewall.json ${key}: ${why}`));
}

function cut(text: string): string {
  return text.length > LONGEST ? text.slice(0, LONGEST) : text;
}
