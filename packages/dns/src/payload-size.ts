/** The UDP payload size, in octets, that is told to upstream servers: no answer of that size is fragmented (RFC 9715 section 3.2). */
export const UPSTREAM_PAYLOAD_SIZE = 1232;
