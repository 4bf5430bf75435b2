import type { Attributes } from './attribute.ts';

const NFTA_GEN_ID = 1;
const NFTA_GEN_PROC_PID = 2;
const NFTA_GEN_PROC_NAME = 3;

/** The number of the rule set's state: every transaction of anybody in the namespace raises it. */
export interface Generation {
  readonly id: number;
  /** Who asks, as the kernel sees it. */
  readonly processId?: number;
  readonly processName?: string;
}

/** Reads the attributes of NFT_MSG_NEWGEN. @throws DecodeError */
export function readGeneration(attributes: Attributes): Generation {
  const processId = attributes.u32(NFTA_GEN_PROC_PID);
  const processName = attributes.string(NFTA_GEN_PROC_NAME);
  return {
    id: attributes.need(attributes.u32(NFTA_GEN_ID), 'NFTA_GEN_ID'),
    ...(processId !== undefined && { processId }),
    ...(processName !== undefined && { processName }),
  };
}
