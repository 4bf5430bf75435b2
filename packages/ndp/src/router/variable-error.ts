/** A variable of a router's configuration has a value that its specification forbids. */
export class RouterVariableError extends Error {
  override readonly name: string = 'RouterVariableError';
  /** Name of the variable in `RouterConfig`, such as `minRtrAdvIntervalSeconds` or `prefixes[1].preferred`. */
  readonly variable: string;

  constructor(variable: string, found: unknown, expected: string) {
    super(`${variable}: found ${found}, expected ${expected}`);
    this.variable = variable;
  }
}
