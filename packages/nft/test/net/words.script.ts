// Runs in a namespace of its own: makes the same tables by our words and by the nft program's, and prints how the nft
// program lists either.
import { addTable, compileTable, SetIds } from '@router7/nft';
import { NftConnection } from '@router7/nft/node';
import { listRuleset, nft } from './namespace.ts';
import { wordTables, wordText } from './word-cases.ts';

nft(['-f', '-'], wordText);
const theirs = listRuleset();
const theirText = nft(['list', 'ruleset']);
nft(['flush', 'ruleset']);
using connection = new NftConnection();
const ids = new SetIds();
await connection.apply(wordTables.flatMap((table) => addTable(compileTable(table, ids))));
console.log(JSON.stringify({ theirs, theirText, ours: listRuleset(), ourText: nft(['list', 'ruleset']) }));
