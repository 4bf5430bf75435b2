/** How the messages of a `BatchSocket` look. */
export interface BatchSocketOptions {
  readonly domain: number;
  readonly type: number;
  readonly protocol: number;
  /** Octets of a socket address. */
  readonly nameSize: number;
  /** Longest payload in octets. */
  readonly payloadSize: number;
  /** SO_RCVBUF in octets. */
  readonly receiveBufferSize: number;
  /** Whether the kernel can take a message apart into several (UDP); false when absent. */
  readonly joins?: boolean;
  /** Whether to look out for the next message when they come one at a time, see `Linger`; false when absent. */
  readonly lingers?: boolean;
  /** Messages that can wait to be sent; 128 when absent. */
  readonly queue?: number;
}

/** What a socket has done since it was opened. */
export interface SocketCounters {
  /** Datagrams or frames that came in. */
  received: number;
  /** Dropped on the way in: longer than the buffer. */
  truncated: number;
  sent: number;
  /** Dropped on the way out: no room in the queue, or refused by the kernel (`lastSendError` tells why). */
  dropped: number;
  /** errno of the last refused message; 0 when none was. */
  lastSendError: number;
}
