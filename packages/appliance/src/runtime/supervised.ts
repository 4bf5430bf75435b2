/** Tells the supervisor, if there is one, that this daemon serves. */
export function tellReady(): void {}

/** Asks the supervisor, if there is one, to signal another daemon; for daemons that may not do so themselves. */
export function requestSignal(_name: string, _signal: 'SIGUSR1' | 'SIGHUP' = 'SIGUSR1'): void {}
