// Runs in a namespace of its own: adds rules that this nft program has no words for, and prints what the kernel has of
// them afterwards, or with which errno it refused them.
import { NftError } from '@router7/nft';
import { NftConnection } from '@router7/nft/node';
import { type NewerCase, newerCases } from './newer-cases.ts';

async function roundTrip(connection: NftConnection, { expressions, family = 'ip' }: NewerCase) {
  const table = { kind: 'table', family, name: 'x' } as const;
  const chain = { family, table: 'x', chain: 'c' };
  try {
    await connection.apply([
      { action: 'add', object: table },
      { action: 'add', object: { kind: 'chain', family, table: 'x', name: 'c' } },
      { action: 'add', object: { kind: 'rule', ...chain, expressions } },
    ]);
  } catch (error) {
    if (error instanceof NftError) return { refused: error.failures[0]?.errnoName ?? error.code };
    throw error;
  }
  const [read] = await connection.rules(family, { table: 'x', chain: 'c' });
  if (read === undefined) return { refused: 'nothing was there' };
  await connection.apply([{ action: 'replace', object: { ...read } }]);
  const [again] = await connection.rules(family, { table: 'x', chain: 'c' });
  await connection.apply([{ action: 'delete', object: table }]);
  return { read: read.expressions, again: again?.expressions };
}

using connection = new NftConnection();
const results = [];
for (const one of newerCases) results.push(await roundTrip(connection, one));
console.log(JSON.stringify(results, jsonValue));

/** Numbers of 64 bits and octets as text. */
function jsonValue(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
