import t from 'tap';
import { encodeGpt, SECTOR } from '../../src/image/disk/gpt.ts';
import { diskGuid, encodeGuid, hostnameHash } from '../../src/image/disk/guid.ts';
import { diskPartitions } from '../../src/image/disk/layout.ts';
import { encodeBootCode, encodeHybridMbr } from '../../src/image/disk/mbr.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

t.test('IM-01 a GUID tells the host name, and is stored with its first three groups reversed', (t) => {
  // FNV-1a of "a" and of "foobar", as its authors give them.
  t.equal(hostnameHash('a'), 0xe40c292c);
  t.equal(hostnameHash('foobar'), 0xbf9cf968);
  t.equal(diskGuid('router7', 1), '60c24cc1-f3f9-427a-8199-020a45490001');
  t.equal(hex(encodeGuid('60c24cc1-f3f9-427a-8199-020a45490001')), 'c14cc260f9f37a428199020a45490001');
  t.throws(() => encodeGuid('60c24cc1'), RangeError);
  t.end();
});

t.test('IM-01 partitions are where router7 has them', (t) => {
  const sectors = 4 * 1024 * 2048;
  const at = diskPartitions('router7', sectors).map(({ firstSector, sectors }) => [firstSector, sectors]);
  t.same(at, [
    [8192, 100 * 2048],
    [8192 + 100 * 2048, 500 * 2048],
    [8192 + 600 * 2048, 500 * 2048],
    [8192 + 1100 * 2048, sectors - 33 - (8192 + 1100 * 2048)],
  ]);
  t.throws(() => diskPartitions('router7', 8192 + 1100 * 2048), RangeError);
  t.end();
});

t.test('IM-01 the two tables of partitions', (t) => {
  const sectors = 3 * 1024 * 2048;
  const { primary, backup } = encodeGpt(diskGuid('router7', 0), diskPartitions('router7', sectors), sectors);
  t.equal(primary.length, 33 * SECTOR);
  t.equal(backup.length, 33 * SECTOR);
  // sgdisk --verify is content with them.
  t.same(primary.subarray(SECTOR), backup.subarray(0, 32 * SECTOR), 'both list the same');
  const header = [
    '4546492050415254' /* EFI PART */ + '00000100' /* revision 1.0 */ + '5c000000' /* of 92 octets */,
    '394343ff' /* CRC-32 of them */ + '00000000' + '0100000000000000' /* this one */,
    'ffff5f0000000000' /* the other one */ + '2200000000000000' /* first sector for partitions */,
    'deff5f0000000000' /* last one */ + 'c14cc260f9f37a428199020a45490000' /* GUID of the disk */,
    '0200000000000000' /* the list */ +
      '80000000' +
      '80000000' /* 128 entries of 128 octets */ +
      '799f98d4' /* CRC-32 */,
  ];
  t.equal(hex(primary.subarray(0, 92)), header.join(''));
  const entry = [
    '28732ac11ff8d211ba4b00a0c93ec93b' /* EFI system partition */ + 'c14cc260f9f37a428199020a45490001' /* its GUID */,
    '0020000000000000' /* first sector */ + 'ff3f030000000000' /* last */ + '0000000000000000' /* attributes */,
    `62006f006f007400${'00'.repeat(64)}`,
  ];
  t.equal(hex(primary.subarray(SECTOR, SECTOR + 128)), entry.join(''));
  t.throws(() => encodeGpt(diskGuid('router7', 0), diskPartitions('router7', sectors), sectors - 1), RangeError);
  t.end();
});

t.test('IM-01 the hybrid master boot record', (t) => {
  const code = encodeBootCode(new Uint8Array(512).fill(0x90), 0x020a4549);
  t.equal(code.length, 446);
  t.equal(hex(code.subarray(436)), `${'90'.repeat(4)}49450a020000`);
  const mbr = encodeHybridMbr(code, { firstSector: 8192, sectors: 204800 });
  const entries = [
    '80feffff' /* active */ + '0cfeffff' /* FAT, by LBA */ + '00200000' + '00200300',
    '00feffff' + 'eefeffff' /* protects what is in front of it */ + '01000000' + 'ff1f0000',
    `${'00'.repeat(32)}55aa`,
  ];
  t.equal(hex(mbr.subarray(446)), entries.join(''));
  t.end();
});
