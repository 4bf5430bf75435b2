import type { MapEntries } from './anonymous-set.ts';
import { fieldsOf } from './field-table.ts';
import type { Condition, Match, Positive, Values } from './match.ts';
import type { QuotaDefinition, RateLimit, SynproxyDefinition } from './object-definition.ts';
import type { RuleDefinition } from './rule-definition.ts';
import type { ElementState } from './set-definition.ts';
import type { NatOptions, ObjectStatement, Operand, Statement } from './statement.ts';
import type { Scalar } from './value.ts';

/**
 * A rule in nft's syntax, for logs and for people: `ip saddr 10.0.0.0/8 tcp dport { 22, 80 } accept`. nft takes it
 * wherever it has words for it itself.
 */
export function formatRule({ parts }: RuleDefinition): string {
  const isStatement = (part: Match | Statement): part is Statement => 'statement' in part;
  return parts
    .map((part) => (isStatement(part) ? formatStatement(part) : formatMatch(part)))
    .join(' ')
    .trim();
}

function formatMatch(match: Match): string {
  const conditions = Object.entries<Condition | undefined>(match);
  return conditions
    .map(([name, condition]) => (condition === undefined ? '' : formatCondition(name, condition)))
    .join(' ');
}

/** `ip.saddr . tcp.dport` as `ip saddr . tcp dport`. */
function formatKey(name: string): string {
  if (name.startsWith('@')) return name;
  const fib = /^fib\.(.+)\.(type|oif|oifname)$/.exec(name);
  if (fib !== null) return `fib ${fib[1]?.replaceAll('.', ' . ')} ${fib[2]}`;
  return name.replaceAll(/(?<=\S)\.(?=\S)/g, ' ');
}

/** A value as nft writes it: names of interfaces in quotes. */
function formatScalar(name: string | undefined, scalar: Scalar): string {
  if (name === undefined || scalar === '*') return String(scalar);
  const fields = fieldsOf(name);
  const texts = fields.length === 1 ? [String(scalar)] : String(scalar).split(' . ');
  const quoted = texts.map((text, index) => {
    const type = fields[index]?.type.name;
    return type === 'ifname' || type === 'string' ? JSON.stringify(text) : text;
  });
  return quoted.join(' . ');
}

function formatList(name: string | undefined, values: readonly Scalar[], separator: string): string {
  return values.map((value) => formatScalar(name, value)).join(separator);
}

const listOf = (values: Values): readonly Scalar[] => (Array.isArray(values) ? values : [values as Scalar]);

function formatCondition(name: string, condition: Condition): string {
  const key = formatKey(name);
  const isBits = fieldsOf(name)[0]?.type.bits === true && fieldsOf(name).length === 1;
  if (typeof condition === 'object' && 'not' in condition) {
    const { not } = condition;
    if (isBits && Array.isArray(not)) return `${key} ! ${formatList(name, not, ',')}`;
    return `${key} ${formatPositive(name, not, isBits, '!= ')}`;
  }
  const comparisons = { lt: '<', gt: '>', lte: '<=', gte: '>=' } as const;
  if (typeof condition === 'object' && !Array.isArray(condition)) {
    const found = Object.entries(comparisons).filter(([word]) => Object.hasOwn(condition, word));
    if (found.length > 0) {
      const values = condition as { readonly [word: string]: Scalar };
      return found.map(([word, sign]) => `${key} ${sign} ${formatScalar(name, values[word] ?? '')}`).join(' ');
    }
  }
  return `${key} ${formatPositive(name, condition as Positive, isBits, '')}`;
}

function formatMask(name: string, mask: Values): string {
  const list = listOf(mask);
  return list.length === 1 ? formatList(name, list, '') : `(${formatList(name, list, ' | ')})`;
}

function formatOf(name: string, mask: Values | undefined): string {
  return mask === undefined ? '' : `& ${formatMask(name, mask)} `;
}

function formatPositive(name: string, wanted: Positive, isBits: boolean, sign: string): string {
  if (typeof wanted === 'object' && 'set' in wanted) return `${formatOf(name, wanted.of)}${sign}@${wanted.set}`;
  if (typeof wanted === 'object' && 'in' in wanted) {
    return `${formatOf(name, wanted.of)}${sign}{ ${formatList(name, wanted.in, ', ')} }`;
  }
  if (typeof wanted === 'object' && 'of' in wanted) {
    return `& ${formatMask(name, wanted.of)} ${sign === '' ? '== ' : sign}${formatList(name, listOf(wanted.bits), ' | ')}`;
  }
  if (typeof wanted === 'object' && 'exactly' in wanted) {
    return `${sign === '' ? '== ' : sign}${formatList(name, listOf(wanted.exactly), ' | ')}`;
  }
  if (!Array.isArray(wanted)) return sign + formatScalar(name, wanted as Scalar);
  if (isBits) return sign + formatList(name, wanted, ',');
  return `${sign}{ ${formatList(name, wanted, ', ')} }`;
}

/** A map by its name, or its entries. */
function formatMap(key: string, map: string | MapEntries): string {
  if (typeof map === 'string') return `@${map}`;
  return `{ ${Object.entries(map)
    .map(([from, to]) => `${formatScalar(key, from)} : ${to}`)
    .join(', ')} }`;
}

function formatOperand(operand: Operand, name?: string): string {
  if (typeof operand === 'object' && 'map' in operand) {
    return `${formatKey(operand.key)} ${formatOf(operand.key, operand.of)}map ${formatMap(operand.key, operand.map)}`;
  }
  if (typeof operand === 'object' && 'field' in operand) {
    const { field, and, or, xor, shl, shr } = operand;
    const steps = Object.entries({ and, or, xor, '<<': shl, '>>': shr }).filter(([, value]) => value !== undefined);
    return [formatKey(field), ...steps.map(([word, value]) => `${word} ${value}`)].join(' ');
  }
  return formatScalar(name, operand);
}

/** `10/second burst 5 packets`. */
function formatRate({ rate, per, burst, unit, over }: RateLimit): string {
  const amount = unit === 'bytes' ? `${rate} bytes` : String(rate);
  const more = burst === undefined ? '' : ` burst ${burst} ${unit === 'bytes' ? 'bytes' : 'packets'}`;
  return `rate ${over === true ? 'over ' : ''}${amount}/${per}${more}`;
}

/** `over 1000 bytes used 5 bytes`. */
function formatQuota({ bytes, over, used }: QuotaDefinition): string {
  const amount = (value: bigint | number | string): string =>
    /[a-z]/.test(String(value)) ? `${value}` : `${value} bytes`;
  return `${over === true ? 'over ' : ''}${amount(bytes)}${used === undefined ? '' : ` used ${amount(used)}`}`;
}

function formatSynproxy({ mss, wscale, timestamp, sackPerm }: SynproxyDefinition): string {
  return [
    ...(mss === undefined ? [] : [`mss ${mss}`]),
    ...(wscale === undefined ? [] : [`wscale ${wscale}`]),
    ...(timestamp === true ? ['timestamp'] : []),
    ...(sackPerm === true ? ['sack-perm'] : []),
  ].join(' ');
}

/** `counter packets 3 bytes 4`, `limit rate over 10/second` and so on. */
function formatState(state: ElementState): string {
  if ('counter' in state) {
    if (state.counter === true) return 'counter';
    return `counter packets ${state.counter.packets ?? 0} bytes ${state.counter.bytes ?? 0}`;
  }
  if ('limit' in state) return `limit ${formatRate(state.limit)}`;
  if ('quota' in state) return `quota ${formatQuota(state.quota)}`;
  if ('ctCount' in state) return `ct count ${state.ctCount.over === true ? 'over ' : ''}${state.ctCount.count}`;
  return 'last';
}

function formatNat(word: string, address: string | undefined, options: NatOptions): string {
  const { port, random, fullyRandom, persistent } = options;
  const to = address?.includes(':') && port !== undefined ? `[${address}]` : (address ?? '');
  const behind = port === undefined ? '' : `:${formatOperand(port)}`;
  const flags = [
    ...(random ? ['random'] : []),
    ...(fullyRandom ? ['fully-random'] : []),
    ...(persistent ? ['persistent'] : []),
  ];
  const target = to + behind;
  return `${word}${target === '' ? '' : ` to ${target}`}${flags.length === 0 ? '' : ` ${flags.join(',')}`}`;
}

const objectWords: { readonly [T in ObjectStatement['type']]: string } = {
  ...{ counter: 'counter name', quota: 'quota name', limit: 'limit name', synproxy: 'synproxy name' },
  ...{ 'ct helper': 'ct helper set', 'ct timeout': 'ct timeout set', 'ct expectation': 'ct expectation set' },
  secmark: 'meta secmark set',
};

/** A statement in nft's syntax. */
function formatStatement(statement: Statement): string {
  switch (statement.statement) {
    case 'jump':
    case 'goto':
      return `${statement.statement} ${statement.chain}`;
    case 'vmap':
      return `${formatKey(statement.key)} ${formatOf(statement.key, statement.of)}vmap ${formatMap(statement.key, statement.map)}`;
    case 'counter': {
      const { counter, packets, bytes } = statement;
      if (counter !== undefined) return `counter name ${JSON.stringify(counter)}`;
      return packets === undefined ? 'counter' : `counter packets ${packets} bytes ${bytes ?? 0}`;
    }
    case 'limit':
      return `limit ${formatRate(statement.limit)}`;
    case 'quota':
      return `quota ${formatQuota(statement.quota)}`;
    case 'ct-count':
      return `ct count ${statement.over === true ? 'over ' : ''}${statement.count}`;
    case 'object': {
      const { type, name, key = '', map = '' } = statement;
      const what = name === undefined ? `${formatKey(key)} map ${formatMap(key, map)}` : JSON.stringify(name);
      return `${objectWords[type]} ${what}`;
    }
    case 'masquerade':
    case 'redirect':
      return formatNat(statement.statement, undefined, statement.options);
    case 'dnat':
    case 'snat': {
      const { address } = statement;
      return formatNat(
        statement.statement,
        address === undefined ? undefined : formatOperand(address),
        statement.options,
      );
    }
    case 'tproxy':
      return formatNat('tproxy', statement.address === undefined ? undefined : String(statement.address), {
        ...(statement.port !== undefined && { port: statement.port }),
      });
    case 'reject':
      return statement.reason === undefined ? 'reject' : `reject with ${statement.reason}`;
    case 'set':
      return `${formatKey(statement.field)} set ${formatOperand(statement.value, statement.field)}`;
    case 'reset':
      return `reset tcp option ${statement.option}`;
    case 'clamp-mss':
      return `tcp option maxseg size set ${statement.size === 'route' ? 'rt mtu' : statement.size}`;
    case 'synproxy':
      return `synproxy ${formatSynproxy(statement.synproxy)}`.trim();
    case 'flow':
      return `flow add @${statement.flowtable}`;
    case 'comment':
      return `comment ${JSON.stringify(statement.text)}`;
    case 'log':
    case 'queue':
    case 'dup':
    case 'fwd':
    case 'element':
    case 'expressions':
      return formatLong(statement);
    default:
      return statement.statement;
  }
}

type Long = Extract<Statement, { readonly statement: 'log' | 'queue' | 'dup' | 'fwd' | 'element' | 'expressions' }>;

function formatLong(statement: Long): string {
  switch (statement.statement) {
    case 'log': {
      const { prefix, level, group, snaplen, queueThreshold, flags } = statement.log;
      const named = {
        prefix: prefix && JSON.stringify(prefix),
        level,
        group,
        snaplen,
        'queue-threshold': queueThreshold,
      };
      const words = Object.entries(named).flatMap(([word, value]) => (value === undefined ? [] : [`${word} ${value}`]));
      return ['log', ...words, ...(flags ?? []).map((flag) => `flags ${flag}`)].join(' ');
    }
    case 'queue': {
      const { number = 0, bypass, fanout } = statement.queue;
      const flags = [...(bypass === true ? ['bypass'] : []), ...(fanout === true ? ['fanout'] : [])].join(',');
      const to = typeof number === 'object' ? `to ${formatOperand(number)}` : `num ${number}`;
      return `queue ${to} ${flags}`.trim();
    }
    case 'dup':
    case 'fwd': {
      const { statement: word, to, device } = statement;
      const address = to === undefined ? '' : ` to ${formatOperand(to)}`;
      return `${word}${address}${device === undefined ? '' : `${to === undefined ? ' to' : ' device'} ${formatOperand(device)}`}`;
    }
    case 'element': {
      const { operation, set, key, data, timeout, states = [] } = statement;
      const time = timeout === undefined ? [] : [`timeout ${timeout}`];
      const leads = data === undefined ? [] : [`: ${formatOperand(data)}`];
      return `${operation} @${set} { ${[formatKey(key), ...time, ...states.map(formatState), ...leads].join(' ')} }`;
    }
    case 'expressions':
      return `# ${statement.expressions.length} expressions without words`;
  }
}
