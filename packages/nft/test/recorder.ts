import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Attributes, type FamilyName, NFNL_SUBSYS_NFTABLES, NftablesMessage, readMessages } from '@router7/nft';
import { ByteReader, fromHex, toHex } from '@router7/wire';

/** What the nft program is to be given. */
export interface RuleText {
  /** One rule. */
  readonly text: string;
  /** Of its table; inet when absent. */
  readonly family?: FamilyName;
  /** What else its table needs beside the set `inside`, the counter `fwded` and the chain `side`. */
  readonly preamble?: string;
}

/** What it made of that. */
export interface RecordedExpression {
  /** The payload of NFTA_LIST_ELEM, as it was sent. */
  readonly bytes: Uint8Array;
  /** The line of `nft --debug=netlink`, without the brackets. */
  readonly listing: string;
}

/** The version of nft whose octets the golden rows are; others may send the attributes in another order. */
export const RECORDED_VERSION = '1.0.6';

const NFTA_RULE_EXPRESSIONS = 4;
/** The header that stands before the attributes: octets. */
const NFGENMSG_LENGTH = 4;

/** The version of the installed nft program. */
export function nftVersion(): string {
  const printed = execFileSync('nft', ['--version'], { encoding: 'utf8' });
  return /v([\d.]+)/.exec(printed)?.[1] ?? printed;
}

/** The script that stands around a rule. */
export function scriptOf({ text, family = 'inet', preamble = '' }: RuleText): string {
  return `table ${family} t {
  set inside { type ifname; }
  counter fwded { }
  chain side { }
  ${preamble}
  chain c {
    ${text}
  }
}
`;
}

/**
 * Runs the nft program below strace in a network namespace of its own and gives what it sends for one rule. What the
 * kernel says to that does not matter.
 *
 * @throws Error with what nft said when it sent nothing
 */
export function recordRule(rule: RuleText): RecordedExpression[] {
  const flags = process.getuid?.() === 0 ? ['--net'] : ['--map-root-user', '--net'];
  const strace = ['strace', '-e', 'trace=sendmsg', '-e', 'write=all', 'nft', '--debug=netlink', '-f', '-'];
  const done = spawnSync('unshare', [...flags, '--', ...strace], {
    encoding: 'utf8',
    input: scriptOf(rule),
    timeout: 60_000,
    maxBuffer: 1 << 26,
  });
  const sent = ruleExpressions(writtenOctets(done.stderr));
  const listings = [...done.stdout.matchAll(/^ {2}\[ (.*) \]$/gm)].map(([, listing]) => listing ?? '');
  if (sent.length === 0 || sent.length !== listings.length) {
    throw new Error(`${rule.text}: ${sent.length} expressions, ${listings.length} listed\n${done.stderr}`);
  }
  return sent.map((bytes, index) => ({ bytes, listing: listings[index] ?? '' }));
}

/** The octets in strace's dumps: ` | 00010  08 00 01 00 63 6d 70 00  20 00 02 80 08 00 01 00  ....cmp. ....... |`. */
function writtenOctets(trace: string): Uint8Array {
  const rows = [...trace.matchAll(/^ \| [0-9a-f]{5,} {2}(.{48}) /gm)].map(([, digits]) => digits ?? '');
  return fromHex(rows.join(' '));
}

function ruleExpressions(stream: Uint8Array): Uint8Array[] {
  const newRule = (NFNL_SUBSYS_NFTABLES << 8) | NftablesMessage.newRule;
  return readMessages(stream)
    .filter(({ type }) => type === newRule)
    .flatMap(({ body }) => {
      const attributes = new Attributes(new ByteReader(body.subarray(NFGENMSG_LENGTH)));
      return attributes.nested(NFTA_RULE_EXPRESSIONS)?.list() ?? [];
    })
    .map((attribute) => attribute.reader().rest());
}

const HEADER = '/usr/include/linux/netfilter/nf_tables.h';
/** Where the kernel's name of an expression is not that of its attributes. */
const enumNames: { readonly [name: string]: string } = { flow_offload: 'offload', numgen: 'ng' };
/** What stands in nested attributes. */
const nestedEnums: { readonly [attribute: string]: string } = {
  NFTA_DYNSET_EXPR: 'expr',
  NFTA_DYNSET_EXPRESSIONS: 'list',
  NFTA_LIST_ELEM: 'expr',
  NFTA_DATA_VERDICT: 'verdict',
};

/** An expression's octets as rows of source text, each with the name that the kernel's header has for it. */
export function sourceRows(bytes: Uint8Array): string[] {
  const header = readFileSync(HEADER, 'utf8');
  const namesOf = (name: string): string[] => {
    const body = new RegExp(`^enum nft_${name}_attributes \\{([^}]*)\\}`, 'm').exec(header)?.[1] ?? '';
    return body
      .replaceAll(/\/\*.*?\*\//g, '')
      .split(',')
      .map((entry) => entry.trim());
  };
  const rows: string[] = [];
  const walk = (octets: Uint8Array, level: string): void => {
    const names = namesOf(level);
    let expression = '';
    for (const { type, offset, reader } of new Attributes(new ByteReader(octets)).list()) {
      const payload = reader().rest();
      const name = names[type] ?? `attribute ${type}`;
      const isNested = (octets[offset + 3] ?? 0) >= 0x80;
      const end = isNested ? offset + 4 : offset + 4 + ((payload.length + 3) & ~3);
      const digits = toHex(octets.subarray(offset, end)).match(/.{1,8}/g) ?? [];
      rows.push(`'${digits.join(' ')}', // ${name}${isNested ? ', nested' : ''}`);
      if (name === 'NFTA_EXPR_NAME') expression = new TextDecoder().decode(payload.subarray(0, -1));
      if (!isNested) continue;
      walk(payload, name === 'NFTA_EXPR_DATA' ? (enumNames[expression] ?? expression) : (nestedEnums[name] ?? 'data'));
    }
  };
  walk(bytes, 'expr');
  return rows;
}

/** What is wrong with a golden row: undefined when nft sends an expression with these octets and that listing. */
export function unlikeRecorded(
  row: RuleText & { readonly bytes: Uint8Array; readonly listing?: string },
): string | undefined {
  const recorded = recordRule(row);
  const wanted = `${toHex(row.bytes)} ${row.listing}`;
  const sent = recorded.map(({ bytes, listing }) => `${toHex(bytes)} ${listing}`);
  return sent.includes(wanted) ? undefined : `${row.text}: want\n  ${wanted}\nin\n  ${sent.join('\n  ')}`;
}
