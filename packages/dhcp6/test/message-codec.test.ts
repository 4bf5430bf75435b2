import { fromHex, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import { decodeMessage, encodeMessage, type Message, MessageType } from '../src/index.ts';

t.test('a Reply with a delegated prefix, both ways', async (t) => {
  const bytes = fromHex(
    `07 738c3b  0001 000a 00030001 020073530001  0019 0029 00000001 000004b0 00000780
     001a 0019 00000708 00001c20 30 2a02016847000000 0000000000000000  0017 0010 20011620277700010000000000000010`.replace(
      /\s+/g,
      '',
    ),
  );
  const message: Message = {
    messageType: MessageType.reply,
    transactionId: 0x738c3b,
    options: [
      { kind: 'clientIdentifier', value: fromHex('00030001020073530001') },
      {
        kind: 'iaPd',
        value: {
          iaid: 1,
          t1Seconds: 1200,
          t2Seconds: 1920,
          options: [
            {
              kind: 'iaPrefix',
              value: {
                prefix: Ipv6Prefix.parse('2a02:168:4700::/48'),
                preferredLifetimeSeconds: 1800,
                validLifetimeSeconds: 7200,
                options: [],
              },
            },
          ],
        },
      },
      { kind: 'dnsServers', value: [Ipv6Address.parse('2001:1620:2777:1::10')] },
    ],
  };
  t.strictSame(decodeMessage(bytes), message);
  t.strictSame(encodeMessage(message), bytes);
});
