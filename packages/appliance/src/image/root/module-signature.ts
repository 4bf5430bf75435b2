/** How a signed module ends (scripts/sign-file.c of Linux). */
const MAGIC = Buffer.from('~Module signature appended~\n');
/** In front of that: struct module_signature (include/linux/module_signature.h), whose last field is the signature's length. */
const INFORMATION_LENGTH = 12;

/**
 * The module without the signature that its maker appended. The kernel checks a signature wherever there is one, which takes
 * twice as long as all else that loading takes: half a second of a start on a processor of 1 GHz. It insists on none, and
 * whoever may load modules, may do anything.
 *
 * @param module the file; one that is not signed is left as it is
 * @throws RangeError when the signature is said to be longer than the file
 */
export function withoutSignature(module: Uint8Array): Uint8Array {
  const bytes = Buffer.from(module.buffer, module.byteOffset, module.length);
  const end = bytes.length - MAGIC.length;
  if (end < INFORMATION_LENGTH || !bytes.subarray(end).equals(MAGIC)) return module;
  const rest = end - INFORMATION_LENGTH - bytes.readUInt32BE(end - 4);
  if (rest < 0) throw new RangeError('the signature is longer than the module');
  return module.subarray(0, rest);
}
