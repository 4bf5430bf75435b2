/** Octets of a header and the longest question. */
export const QUESTION_LIMIT: number = 12 + 255 + 4;
