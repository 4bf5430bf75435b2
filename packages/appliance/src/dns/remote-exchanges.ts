/** Exchanges that another thread does, by tickets that are never used again: what it says of one may be late. */
export class RemoteExchanges {
  readonly #exchanges = new Map<number, number>();
  readonly #tickets = new Map<number, number>();
  #next = 0;

  /** @returns the ticket of a new exchange */
  begin(exchange: number): number {
    const ticket = this.#next++;
    this.#exchanges.set(ticket, exchange);
    this.#tickets.set(exchange, ticket);
    return ticket;
  }

  /** The exchange of a ticket; undefined when it is over. */
  find(ticket: number): number | undefined {
    return this.#exchanges.get(ticket);
  }

  /** @returns the ticket that it had; undefined when the other thread does not do it */
  end(exchange: number): number | undefined {
    const ticket = this.#tickets.get(exchange);
    if (ticket === undefined) return undefined;
    this.#tickets.delete(exchange);
    this.#exchanges.delete(ticket);
    return ticket;
  }
}
