// Loaded before every Node program of a guest: takes TypeScript from where it lies without its types.
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const folder = new URL('stripped', import.meta.url).pathname;

registerHooks({
  load(url, context, nextLoad) {
    if (url.startsWith('file:') && url.endsWith('.ts')) {
      const path = folder + fileURLToPath(url);
      if (existsSync(path)) return { format: 'module', source: readFileSync(path, 'utf8'), shortCircuit: true };
    }
    return nextLoad(url, context);
  },
});
