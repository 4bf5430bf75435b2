import type { Line } from './row.ts';

/** What the supervisor and its pages are to do, and what the image is to be. */
export const image: readonly Line[] = [
  ['RD-01', 'M', 'a seed of randomness is credited at the start, and replaced before that', ''],
  ['IN-01', 'M', 'process 1 mounts what there is, /perm included; loopback, host name', ''],
  ['IN-02', 'M', 'what ends starts again; status 0 and 125 stay stopped', ''],
  ['IN-03', 'M', 'the last hundred lines of each stream, and each one as it comes', ''],
  ['IN-04', 'M', 'the status as a page and as JSON, with the headers of gokrazy', ''],
  ['IN-05', 'M', 'restart and stop, with the token of our own page', ''],
  ['IN-06', 'M', 'the password of gokr-pw.txt; without one the unix socket only', ''],
  ['IN-07', 'M', 'listens on private addresses, which it follows; TLS when there is a certificate', ''],
  ['IN-08', 'M', 'a broken certificate locks nobody out', ''],
  ['IN-09', 'M', 'reboot and power off, by signals, pages and the power button', ''],
  ['IN-11', 'S', 'order by readiness, back-off; a supervisor that is killed is followed by one that goes on', ''],
  ['IN-13', 'S', 'limits of memory for each service', ''],
  ['IN-17', 'S', 'a bill of materials, and when it was built', ''],
  ['IM-03', 'M', 'the SquashFS of a slot', ''],
  ['IM-04', 'M', 'boot code of 446 octets; starts by BIOS and by UEFI', ''],
  ['IM-06', 'M', 'disk, boot, root and mbr images, and a .gaf', ''],
  ['IM-07', 'M', 'Node and the daemons are in it, and nothing else runs', ''],
  ['IM-08', 'S', 'settings of an image in config.json', ''],
  ['IM-09', 'M', 'certificates, host name, password, libraries and modules are in it', ''],
  ['IM-11', 'W', 'the same input gives the same octets', ''],
];
