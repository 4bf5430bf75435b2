/** Values of `msg-type` (RFC 9915 section 7.3 and IANA's registry "Message Types" of DHCPv6). */
export const MessageType = {
  solicit: 1,
  advertise: 2,
  request: 3,
  confirm: 4,
  renew: 5,
  rebind: 6,
  reply: 7,
  release: 8,
  decline: 9,
  reconfigure: 10,
  informationRequest: 11,
  relayForw: 12,
  relayRepl: 13,
  /** RFC 5007 */
  leasequery: 14,
  /** RFC 5007 */
  leasequeryReply: 15,
  /** RFC 5460 */
  leasequeryDone: 16,
  /** RFC 5460 */
  leasequeryData: 17,
  /** RFC 6977: from a relay agent to a server */
  reconfigureRequest: 18,
  /** RFC 6977 */
  reconfigureReply: 19,
  /** RFC 7341: its flags stand where others have the transaction id */
  dhcpv4Query: 20,
  /** RFC 7341 */
  dhcpv4Response: 21,
  /** RFC 7653 */
  activeLeasequery: 22,
  /** RFC 7653 */
  startTls: 23,
  /** RFC 9686 */
  addrRegInform: 36,
  /** RFC 9686 */
  addrRegReply: 37,
} as const;
