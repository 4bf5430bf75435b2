import { UPSTREAM_PAYLOAD_SIZE } from '@router7/dns';
import t from 'tap';

t.test('asks for datagrams that are not fragmented (RFC 9715 3.2)', async (t) => {
  t.equal(UPSTREAM_PAYLOAD_SIZE, 1232);
});
