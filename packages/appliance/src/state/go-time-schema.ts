import type { z } from 'zod';
import { parseGoTime } from './go-time.ts';
import { textOf } from './state-file.ts';

/** Text of a time as Go's `encoding/json` writes it: RFC 3339 with up to nine decimals and a zone. */
export const goTimeSchema: z.ZodType<string> = textOf(
  'a time such as 2024-05-01T12:20:00.123456789+02:00',
  parseGoTime,
);
