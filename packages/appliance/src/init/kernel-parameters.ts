/** A kernel parameter (sysctl(8)) and what the image sets it to before any daemon starts. */
export interface KernelParameter {
  /** With dots, as in sysctl.conf(5). */
  readonly name: string;
  readonly value: string;
}

/**
 * What a daemon that has been taken over would use to become more than it is. Kernels differ: one that does not know a
 * parameter loses nothing by it, so that a failure to set one is passed over.
 */
export const kernelParameters: readonly KernelParameter[] = [
  // No memory of other processes, not even of the same user's (Yama; 2: only with CAP_SYS_PTRACE).
  { name: 'kernel.yama.ptrace_scope', value: '2' },
  { name: 'kernel.unprivileged_bpf_disabled', value: '1' },
  { name: 'net.core.bpf_jit_harden', value: '2' },
  { name: 'kernel.kptr_restrict', value: '2' },
  { name: 'kernel.dmesg_restrict', value: '1' },
  // 3 is Debian's: no performance counters at all without privileges.
  { name: 'kernel.perf_event_paranoid', value: '3' },
  // In a user namespace of its own a process has all capabilities, and the kernel's net_admin code is large.
  { name: 'user.max_user_namespaces', value: '0' },
  { name: 'kernel.unprivileged_userns_clone', value: '0' },
  // A userfaultfd stops the kernel at an instant of the attacker's choice.
  { name: 'vm.unprivileged_userfaultfd', value: '0' },
  { name: 'kernel.io_uring_disabled', value: '2' },
  { name: 'dev.tty.ldisc_autoload', value: '0' },
  { name: 'fs.protected_symlinks', value: '1' },
  { name: 'fs.protected_hardlinks', value: '1' },
  { name: 'fs.protected_fifos', value: '2' },
  { name: 'fs.protected_regular', value: '2' },
  // A core dump holds the process's secrets.
  { name: 'fs.suid_dumpable', value: '0' },
  { name: 'kernel.core_pattern', value: '|/bin/false' },
  // How much a socket may ask for without privileges: what a burst of queries needs (Linux counts twice the octets).
  { name: 'net.core.rmem_max', value: '4194304' },
];

/** Options that /proc is mounted with (proc(5)): a user sees no processes but its own. */
export const PROC_MOUNT_OPTIONS = 'nosuid,nodev,noexec,hidepid=2';

/** The file of parameters that `sysctl -e -p` reads. */
export function kernelParametersFile(): string {
  return kernelParameters.map(({ name, value }) => `${name} = ${value}\n`).join('');
}
