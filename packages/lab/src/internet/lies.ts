/** What the lying name server does about a question for `<lie>.liar.example`, in a line for people. */
export const lies = {
  id: 'another id first',
  question: 'another question first',
  name: 'the right question, and an address of another name, first',
  'no-question': 'an answer without its question first',
  counts: 'more records than there are, first',
  loop: 'names that point at themselves, first',
  forward: 'names that point ahead, first',
  port: 'an answer from another port first',
  query: 'the query itself, first',
  empty: 'an empty datagram first',
  garbage: 'a thousand octets of anything first',
  flood: 'a hundred wrong answers first',
  truncated: 'nothing but TC by UDP, the truth by TCP',
  lossy: 'no answer to one of three',
  late: 'the truth, after 5 s',
  dead: 'nothing at all',
  refused: 'REFUSED',
} as const;

/** How the lying name server lies. */
export type Lie = keyof typeof lies;

/** The domain that it is asked about. */
export const LIAR_DOMAIN = 'liar.example';
/** The lying name server. */
export const LIAR_ADDRESS = '203.0.113.66';
/** What is true of every name there. */
export const LIAR_TRUTH = '203.0.113.90';
/** What it says when it lies. */
export const LIAR_LIE = '203.0.113.99';
