/** One thing that the router is to do. */
export interface Row {
  readonly id: string;
  readonly priority: 'M' | 'S' | 'W';
  readonly gist: string;
  /** `RFC 9915 18.2.4`: what asks for it, unless a test names a section itself. Empty where no RFC does. */
  readonly sections: readonly string[];
  /** A row that says the same: its tests prove this one as well. */
  readonly sameAs: string | undefined;
}

/** A row as it is written down: its sections in one text, with commas. */
export type Line = readonly [id: string, priority: Row['priority'], gist: string, sections: string];
