import { encodeDnsName } from '@router7/wire';
import { readServiceParameter, type ServiceParameter, writeServiceParameter } from './service-parameter.ts';
import type { RecordShape } from './shape.ts';

/** How a service is to be reached, and by which protocols: the data of SVCB and HTTPS. */
export interface ServiceBinding {
  /** 0: another name for the service (AliasMode); else lower values first. */
  readonly priority: number;
  /** `.`: the owner itself, or with priority 0 that there is no service. */
  readonly target: string;
  /** In their order, which a sender keeps strictly increasing by key. */
  readonly parameters: readonly ServiceParameter[];
}

/**
 * 64 and 65, SVCB and HTTPS (RFC 9460 section 2.2).
 *
 * ```
 * SvcPriority(16)  TargetName, not compressed  { SvcParamKey(16) length(16) SvcParamValue }
 * ```
 *
 * The order of parameters and what is in them is kept as it came, were it against the specification: whoever passes a
 * record on is not the one to judge it.
 */
export const serviceBinding: RecordShape<ServiceBinding> = {
  decode(data) {
    const { reader } = data;
    const priority = reader.u16();
    const target = data.name();
    const parameters: ServiceParameter[] = [];
    while (reader.remaining > 0) parameters.push(readServiceParameter(reader));
    return { priority, target, parameters };
  },
  encode(writer, value) {
    writer.u16(value.priority);
    encodeDnsName(writer, value.target);
    for (const parameter of value.parameters) writeServiceParameter(writer, parameter);
  },
};
