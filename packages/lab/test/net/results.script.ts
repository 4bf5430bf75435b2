// Goes on a stage, writes there what its argument says, and hands over what it hands over.
import { writeFileSync } from 'node:fs';
import { handResults } from '../../src/results.ts';
import { onStage } from '../../src/stage.ts';

const [path = ''] = process.argv.slice(2);
await onStage(import.meta.url, { results: `${path}/handed.json` });
writeFileSync('/tmp/written', 'on the stage');
handResults({ from: 'the stage'.repeat(100_000) });
process.exit(7);
