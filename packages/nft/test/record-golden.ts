// Records what the installed nft program sends, without touching any rule set but that of a namespace of its own.
//
//   node --conditions=@router7/source packages/nft/test/record-golden.ts
//       compares every golden row that has a listing, and prints those that are not what this nft sends
//   node --conditions=@router7/source packages/nft/test/record-golden.ts 'quota 5 mbytes' [family] [preamble]
//       prints the expressions of one rule as rows for test/expressions/golden/
//
// It needs nft and strace; the names beside the octets are from the package linux-libc-dev.
import { decodeExpression, Family, type FamilyName } from '@router7/nft';
import { goldenExpressions } from './expressions/golden.ts';
import { nftVersion, RECORDED_VERSION, recordRule, sourceRows, unlikeRecorded } from './recorder.ts';

const isFamily = (name: string): name is FamilyName => Object.hasOwn(Family, name);

function printRule(text: string, family: string, preamble: string): void {
  if (!isFamily(family)) throw new Error(`${family} is not a family`);
  for (const { bytes, listing } of recordRule({ text, family, preamble })) {
    console.log({ listing, expression: decodeExpression(bytes) });
    console.log(`bytes(\n  ${sourceRows(bytes).join('\n  ')}\n)`);
  }
}

function compareAll(): void {
  if (nftVersion() !== RECORDED_VERSION) console.log(`nft is ${nftVersion()}, the rows are of ${RECORDED_VERSION}`);
  const rows = goldenExpressions.filter(({ listing }) => listing !== undefined);
  const unlike = rows.flatMap((row) => unlikeRecorded(row) ?? []);
  for (const difference of unlike) console.log(difference);
  console.log(`${rows.length - unlike.length} of ${rows.length} rows are what nft sends`);
  if (unlike.length > 0) process.exitCode = 1;
}

const [text, family = 'inet', preamble = ''] = process.argv.slice(2);
if (text === undefined) compareAll();
else printRule(text, family, preamble);
