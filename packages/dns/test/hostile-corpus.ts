import { hex } from './golden.ts';

const QUESTION = '03 77 77 77 07 65 78 61 6d 70 6c 65 00 00 01 00 01';
const LONGEST = `${`${'3f'.padEnd(128, '61')}`.repeat(3)}3d${'61'.repeat(61)}00`;

/** Messages to begin with where captures have nothing of the kind: each goes against one bound. */
export const hostileMessages: readonly Uint8Array[] = [
  // A pointer to itself, two that point at each other, one into the header.
  hex(`00 01 81 80 00 01 00 01 00 00 00 00 ${QUESTION} c0 1d 00 01 00 01 00 00 00 3c 00 04 c0 00 02 01`),
  hex(`00 01 81 80 00 01 00 02 00 00 00 00 ${QUESTION} c0 2d 00 01 00 01 00 00 00 3c 00 04 c0 00 02 01 c0 1d 00 01`),
  hex(`00 01 81 80 00 01 00 01 00 00 00 00 ${QUESTION} c0 02 00 01 00 01 00 00 00 3c 00 04 c0 00 02 01`),
  // Counts that are not true.
  hex(`00 01 81 80 00 01 ff ff ff ff ff ff ${QUESTION}`),
  hex(`00 01 01 00 ff ff 00 00 00 00 00 00 ${QUESTION}`),
  // The longest name, and a record that points at it.
  hex(`00 01 81 80 00 01 00 01 00 00 00 00 ${LONGEST} 00 01 00 01 c0 0c 00 05 00 01 00 00 00 3c 00 02 c0 0c`),
  // A chain of CNAMEs that goes round.
  hex(`00 01 81 80 00 01 00 02 00 00 00 00 ${QUESTION}
    c0 0c 00 05 00 01 00 00 00 3c 00 04 01 61 c0 10  c0 29 00 05 00 01 00 00 00 3c 00 02 c0 0c`),
  // HTTPS with parameters out of order, TXT without a string, an address of another length.
  hex(`00 01 81 80 00 01 00 03 00 00 00 00 ${QUESTION}
    c0 0c 00 41 00 01 00 00 00 3c 00 0d 00 01 00 00 03 00 02 01 bb 00 01 00 00
    c0 0c 00 10 00 01 00 00 00 3c 00 00
    c0 0c 00 1c 00 01 00 00 00 3c 00 04 c0 00 02 01`),
  // OPT twice, with an owner, with a cookie of seven octets, of version 255.
  hex(
    `00 01 01 00 00 01 00 00 00 00 00 02 ${QUESTION} 00 00 29 04 d0 00 00 00 00 00 00 00 00 29 04 d0 00 00 00 00 00 00`,
  ),
  hex(`00 01 01 00 00 01 00 00 00 00 00 01 ${QUESTION} 01 61 00 00 29 04 d0 00 00 00 00 00 00`),
  hex(
    `00 01 01 00 00 01 00 00 00 00 00 01 ${QUESTION} 00 00 29 04 d0 00 ff 80 00 00 0b 00 0a 00 07 01 02 03 04 05 06 07`,
  ),
  // TSIG.
  hex(
    `00 01 01 00 00 01 00 00 00 00 00 01 ${QUESTION} 01 6b 00 00 fa 00 ff 00 00 00 00 00 10 00 00 00 00 00 00 00 01 01 2c 00 00 00 01 00 00 00 00`,
  ),
  // A negative answer whose numbers are as large as can be.
  hex(
    `00 01 81 83 00 01 00 00 00 01 00 00 ${QUESTION} c0 10 00 06 00 01 ff ff ff ff 00 18 c0 0c c0 10 ${'ff '.repeat(20)}`,
  ),
  // Data that would be a name if it was one.
  hex(`00 01 81 80 00 01 00 01 00 00 00 00 ${QUESTION} c0 0c ff 00 00 01 00 00 00 3c 00 04 01 61 c0 0c`),
];
