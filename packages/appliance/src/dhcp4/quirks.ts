import { type ClientClass, madeBy } from '@router7/dhcp4';
import { MacAddress } from '@router7/wire';

/** The blocks of addresses that IEEE lists for makers whose name begins with Nintendo (MA-L, 2024). */
const NINTENDO = `
  0009bf 001656 0017ab 00191d 0019fd 001ae9 001b7a 001bea 001cbe 001dbc 001e35 001ea9 001f32 001fc5 002147
  0021bd 00224c 0022aa 0022d7 002331 0023cc 00241e 002444 0024f3 0025a0 002659 002709 0403d6 182a7b 1c4586
  200bcf 2c10c1 342fbd 34af2c 40d28a 40f407 48a5e7 582f40 58b03e 58bda3 5c0ce6 5c521e 606bff 64b5c6 702c09
  7048f7 70f088 748469 74f9ca 7820a5 78a2a0 7cbb8a 80d2e5 8c56c5 8ccde8 9458cb 98415c 98b6e9 98e8fa 9ce635
  a438cc a45c27 a4c0e1 b87826 b88aec b8ae6e bc9ebb bcce25 cc5b31 cc9e00 ccfb65 d05509 d4f057 d86bf7 dc68eb
  e00c7f e0e751 e0f6b5 e84ece e8a0cd e8da20 ecc40d
`;

/** Blocks of addresses of makers whose consoles sleep through the renewal of a short lease. */
const SLEEPERS: readonly MacAddress[] = NINTENDO.trim()
  .split(/\s+/)
  .map((maker) => new MacAddress(Number.parseInt(maker, 16) * 2 ** 24));

const HOUR_SECONDS = 60 * 60;

/**
 * Devices that need something else than what the protocol says (row D4S-04), as classes that go before those of the
 * settings.
 *
 * Nintendo's consoles do not renew while they sleep, and are cut off when they wake up after the end of a short lease:
 * router7 gives them an hour.
 *
 * @param leaseTimeSeconds what everyone else gets
 */
export function quirks(leaseTimeSeconds: number): readonly ClientClass[] {
  if (leaseTimeSeconds >= HOUR_SECONDS) return [];
  return [{ name: 'nintendo', matches: madeBy(SLEEPERS), options: [], leaseTimeSeconds: HOUR_SECONDS }];
}
