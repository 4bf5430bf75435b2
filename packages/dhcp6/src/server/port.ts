/** Where clients listen (RFC 9915 section 7.2). */
export const CLIENT_PORT = 546;
/** Where servers and relay agents listen. */
export const SERVER_PORT = 547;
