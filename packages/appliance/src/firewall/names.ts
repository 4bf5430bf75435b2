/** Name of the router's own table, of the family inet. */
export const TABLE = 'router7';
