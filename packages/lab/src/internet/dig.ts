/** A record as dig prints it, without its time to live. */
export interface DigRecord {
  readonly name: string;
  readonly type: string;
  readonly data: string;
}

/** An answer as dig prints it. */
export interface DigAnswer {
  /** `NOERROR`, `NXDOMAIN` ... */
  readonly status: string;
  /** Sorted: `qr`, `ra`, `rd` ... */
  readonly flags: readonly string[];
  readonly answers: readonly DigRecord[];
  readonly authority: readonly DigRecord[];
  /** Lines of the OPT record behind its first: `EDE: 3 (Stale Answer)`. */
  readonly options: readonly string[];
  /** From the query to the answer, as dig measures it, in milliseconds. */
  readonly queryMs: number;
}

/** Reads what dig, called with `+nottlid`, prints for each of its questions. */
export function digAnswers(text: string): readonly DigAnswer[] {
  return text
    .split(/^(?=;; ->>HEADER<<-)/m)
    .slice(1)
    .map((part) => ({
      status: /status: (\w+)/.exec(part)?.[1] ?? '',
      flags: (/^;; flags: ([^;]*);/m.exec(part)?.[1] ?? '').split(' ').sort(),
      answers: section(part, 'ANSWER'),
      authority: section(part, 'AUTHORITY'),
      options: [...part.matchAll(/^; (EDE|COOKIE|NSID|CLIENT-SUBNET)(.*)$/gm)].map(([line]) => line.slice(2)),
      queryMs: Number(/^;; Query time: (\d+) msec/m.exec(part)?.[1] ?? 0),
    }));
}

function section(text: string, name: string): readonly DigRecord[] {
  const [, lines = ''] = new RegExp(`^;; ${name} SECTION:\\n([^]*?)(?:\\n\\n|$)`, 'm').exec(text) ?? [];
  return lines.split('\n').flatMap((line) => {
    const [, owner, type, data] = /^(\S+)\s+IN\s+(\S+)\s*(.*)$/.exec(line) ?? [];
    return owner === undefined || type === undefined || data === undefined ? [] : [{ name: owner, type, data }];
  });
}
