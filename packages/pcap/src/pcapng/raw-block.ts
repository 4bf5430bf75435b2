/** A block that this package does not look into: name resolution, statistics, custom blocks, and those yet to come. */
export interface RawBlock {
  readonly kind: 'raw';
  /** `BlockType`, or another number. */
  readonly type: number;
  /** What is between the two lengths, padding included. Numbers in it have the byte order of their section. */
  readonly body: Uint8Array;
}
