export type { Ipv4Address } from '@router7/wire';
