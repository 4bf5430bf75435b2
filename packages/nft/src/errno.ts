/** Linux errno numbers that nf_tables and netlink answer with, by name. */
export const Errno = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  E2BIG: 7,
  EAGAIN: 11,
  ENOMEM: 12,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  ENOSPC: 28,
  EMLINK: 31,
  ERANGE: 34,
  ENAMETOOLONG: 36,
  ELOOP: 40,
  EOVERFLOW: 75,
  ERESTART: 85,
  EMSGSIZE: 90,
  EPROTONOSUPPORT: 93,
  EOPNOTSUPP: 95,
  EAFNOSUPPORT: 97,
  ENOBUFS: 105,
  ENOTCONN: 107,
} as const;

const names = new Map<number, string>(Object.entries(Errno).map(([name, number]) => [number, name]));

/** `ENOENT` for 2; `errno 250` for one without a name here. */
export function errnoName(errno: number): string {
  return names.get(errno) ?? `errno ${errno}`;
}
