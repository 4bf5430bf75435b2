import { copyFileSync, existsSync } from 'node:fs';

/** OVMF, UEFI for QEMU's PCs, of the package `ovmf`: the program, and the memory (NVRAM) of a machine that was never switched on. */
export const OVMF = { program: '/usr/share/OVMF/OVMF_CODE_4M.fd', memory: '/usr/share/OVMF/OVMF_VARS_4M.fd' } as const;

/**
 * Arguments for a machine that starts by UEFI, without Secure Boot.
 *
 * @param memory file of the firmware's memory, which it writes; made when it is not there: that of a new machine, which knows of
 *   no operating system
 */
export function uefiOf(memory: string): readonly string[] {
  if (!existsSync(memory)) copyFileSync(OVMF.memory, memory);
  return [
    ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${OVMF.program}`],
    ...['-drive', `if=pflash,unit=1,format=raw,file=${memory}`],
  ];
}
