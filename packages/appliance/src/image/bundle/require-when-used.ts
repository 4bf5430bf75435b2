/** Where esbuild keeps what a module gives that is loaded by `require`, and how it loads it. */
const LOADED = /\b(import_\w+)=(require\("[^"]+"\)|__toESM\(require(?:_\w+\(\)|\("[^"]+"\))(?:,1)?\))/g;

/**
 * Has a bundle load the modules that Node brings, and packages in the old format, when it first uses them rather than when it
 * starts: most programs never get to use TLS, HTTP/2 or half of node:crypto.
 *
 * @param text as esbuild writes it
 */
export function requireWhenUsed(text: string): string {
  // Used as a whole, or within what is loaded late anyway.
  const others = new Set([...text.matchAll(/\b(import_\w+)\b(?![.=])/g)].map(([name]) => name));
  const names = new Set<string>();
  const later = text.replace(LOADED, (all, name: string, load: string) => {
    if (others.has(name)) return all;
    names.add(name);
    return `${name}={get _(){let _=${load};return Object.defineProperty(this,"_",{value:_}),_}}`;
  });
  return later.replace(/\b(import_\w+)\./g, (all, name: string) => (names.has(name) ? `${name}._.` : all));
}
