import {
  BatchReplies,
  DumpReplies,
  decodeAck,
  encodeBatch,
  encodeRequest,
  NetlinkFlag,
  type NetlinkMessage,
  NetlinkType,
  NftablesMessage,
  NftError,
  type Operation,
  readMessages,
  readTable,
} from '@router7/nft';
import t from 'tap';
import { bytes, lines } from './bytes.ts';

const where = { family: 'inet', table: 'router7' } as const;
const operations: Operation[] = [
  { action: 'add', object: { kind: 'table', family: 'inet', name: 'router7' } },
  { action: 'add', object: { kind: 'chain', ...where, name: 'input' } },
  { action: 'add', object: { kind: 'rule', ...where, chain: 'input', expressions: [{ kind: 'notrack' }] } },
  {
    action: 'add',
    object: {
      kind: 'rule',
      ...where,
      chain: 'input',
      expressions: [{ kind: 'notrack' }, { kind: 'meta', operation: 'load', key: 200, register: 1 }],
    },
  },
];
const batch = encodeBatch(operations, { sequence: 100 });

/** An NLMSG_ERROR without the request that it answers. */
function ack(sequence: number, errno: number, tlvs: string = ''): NetlinkMessage {
  const body = bytes(
    errno === 0 ? '00000000' : `${(256 - errno).toString(16)}ffffff`, // the errno, negative
    '14000000 060a0100', // the request's length, type and flags
    `${sequence.toString(16).padStart(2, '0')}000000 00000000`, // its sequence number and port id
    tlvs,
  );
  const flags = NetlinkFlag.capped | (tlvs === '' ? 0 : NetlinkFlag.ackTlvs);
  return { type: NetlinkType.error, flags, sequence, portId: 1, body, offset: 16 };
}

function errorOf(run: () => unknown): NftError {
  try {
    run();
  } catch (error) {
    if (error instanceof NftError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

t.test('a transaction that was carried out', async (t) => {
  const replies = new BatchReplies(batch);
  t.equal(replies.handle(ack(99, 0)), false, 'an answer to something else');
  t.equal(replies.handle(ack(104, 0)), true, 'the ACK of the last operation');
  t.doesNotThrow(() => replies.result());
});

t.test('a transaction that was refused names the object', async (t) => {
  const replies = new BatchReplies(batch);
  t.equal(replies.handle(ack(103, 17)), false);
  // NLMSGERR_ATTR_MSG "bad key", NLMSGERR_ATTR_OFFS 84
  t.equal(replies.handle(ack(104, 95, '0c000100 62616420 6b657900 08000200 54000000')), true);
  const error = errorOf(() => replies.result());
  t.equal(error.code, 'refused');
  t.match(error.failures, [
    { errno: 17, errnoName: 'EEXIST', operationIndex: 2, ruleIndex: 0, description: 'add rule inet router7 input #0' },
    {
      errno: 95,
      errnoName: 'EOPNOTSUPP',
      text: 'bad key',
      attributeOffset: 84,
      // NFTA_RULE_EXPRESSIONS, NFTA_LIST_ELEM, NFTA_EXPR_DATA, NFTA_META_KEY
      attributePath: [4, 1, 2, 2],
      expressionIndex: 1,
      operationIndex: 3,
      operation: operations[3],
      ruleIndex: 1,
    },
  ]);
});

t.test('a transaction that was refused as a whole', async (t) => {
  const stale = new BatchReplies(batch);
  t.equal(stale.handle(ack(100, 85)), true, 'an error of the opening message is the last');
  t.equal(errorOf(() => stale.result()).code, 'stale-generation');
  const forbidden = new BatchReplies(batch);
  t.equal(forbidden.handle(ack(100, 1)), true);
  t.match(
    errorOf(() => forbidden.result()),
    { code: 'refused', failures: [{ errnoName: 'EPERM' }] },
  );
});

t.test('an ACK that quotes the request in full', async (t) => {
  const message = ack(104, 22);
  const quoted = bytes('00000000 14000000 060a0100 68000000 00000000', '01000000', '06000100 68690000');
  const full = { ...message, flags: NetlinkFlag.ackTlvs, body: quoted };
  t.same(decodeAck(full), { errno: 0, requestType: 0xa06, requestSequence: 104, text: 'hi' });
  t.throws(() => decodeAck({ ...full, body: quoted.subarray(0, 22) }), { name: 'DecodeError', code: 'truncated' });
  t.throws(() => decodeAck({ ...full, body: quoted.with(4, 3) }), { name: 'DecodeError', code: 'bad-length' });
  t.throws(() => decodeAck({ ...full, body: quoted.with(0, 5) }), { name: 'DecodeError', code: 'bad-value' });
  t.equal(decodeAck({ ...message, flags: 0 }).errno, 22, 'without extended ACK nothing behind the header is read');
});

const tableBody = bytes('01000000', '06000100 74000000', '08000200 00000000');
const tableMessage = (sequence: number, flags: number = 0): NetlinkMessage => {
  return { type: 0xa00 | NftablesMessage.newTable, flags, sequence, portId: 1, body: tableBody, offset: 16 };
};
const done = (sequence: number, body: string): NetlinkMessage => {
  return { type: NetlinkType.done, flags: NetlinkFlag.multi, sequence, portId: 1, body: bytes(body), offset: 16 };
};

t.test('a dump', async (t) => {
  const replies = new DumpReplies(5);
  t.equal(replies.handle(tableMessage(4)), false, 'of an earlier dump');
  t.equal(replies.handle(tableMessage(5)), false);
  t.equal(replies.handle(tableMessage(5)), false);
  t.equal(replies.handle(done(5, '00000000')), true);
  t.equal(replies.interrupted, false);
  t.same(
    replies.result().map(({ family, attributes }) => readTable(family, attributes).name),
    ['t', 't'],
  );
});

t.test('a dump that the rule set changed under', async (t) => {
  const flagged = new DumpReplies(5);
  flagged.handle(tableMessage(5, NetlinkFlag.dumpInterrupted));
  t.equal(flagged.handle(done(5, '00000000')), true);
  t.equal(flagged.interrupted, true);
  const ended = new DumpReplies(5);
  t.equal(ended.handle(done(5, 'fcffffff')), true, 'EINTR at the end');
  t.equal(ended.interrupted, true);
  const refused = new DumpReplies(5);
  t.equal(refused.handle(ack(5, 4)), true, 'EINTR as an error');
  t.equal(refused.interrupted, true);
});

t.test('a dump whose messages are of different generations', async (t) => {
  const replies = new DumpReplies(5);
  replies.handle(tableMessage(5));
  replies.handle({ ...tableMessage(5), body: tableBody.with(3, 1) });
  t.equal(replies.handle(done(5, '00000000')), true);
  t.equal(replies.interrupted, true, 'no flag tells, and still they do not fit together');
});

t.test('a dump that fails', async (t) => {
  const replies = new DumpReplies(5);
  t.equal(replies.handle(ack(5, 2)), true);
  t.match(
    errorOf(() => replies.result()),
    { code: 'refused', failures: [{ errno: 2, errnoName: 'ENOENT' }] },
  );
  const atEnd = new DumpReplies(5);
  t.equal(atEnd.handle(done(5, 'f4ffffff')), true);
  t.match(
    errorOf(() => atEnd.result()),
    { failures: [{ errnoName: 'ENOMEM' }] },
  );
});

t.test('requests', async (t) => {
  const encoded = (request: Parameters<typeof encodeRequest>[0]) => {
    const [message] = readMessages(encodeRequest(request, 9));
    return { type: message?.type, flags: message?.flags, body: lines(message?.body ?? new Uint8Array()) };
  };
  t.same(encoded({ list: 'generation' }), { type: 0xa10, flags: 5, body: ['00000000'] });
  t.same(encoded({ list: 'tables', family: 'ip' }), { type: 0xa01, flags: 0x301, body: ['02000000'] });
  t.same(encoded({ list: 'rules', family: 'inet', table: 't', chain: 'c' }), {
    type: 0xa07,
    flags: 0x301,
    body: lines(bytes('01000000', '06000100 74000000', '06000200 63000000')),
  });
  t.same(encoded({ list: 'objects', family: 'inet', table: 't', type: 1, reset: true }), {
    type: 0xa15,
    flags: 0x301,
    body: lines(bytes('01000000', '06000100 74000000', '08000300 00000001')),
  });
  t.equal(
    encoded({ list: 'objects', family: 'inet', table: 't', type: 1, name: 'c' }).flags,
    5,
    'one object is no dump',
  );
});
