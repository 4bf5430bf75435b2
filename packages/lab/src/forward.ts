import type { Socket } from 'node:net';

/** Joins two connections until either ends. */
export function forward(outer: Socket, inner: Socket): void {
  for (const [from, to] of [[outer, inner] as const, [inner, outer] as const]) {
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
    from.pipe(to);
  }
}
