import { fileURLToPath } from 'node:url';
import { supervisorOptions } from '../../init/programs.ts';
import { services } from '../../init/services.ts';

/** A program of the image, made of one source file and all that it imports. */
export interface Program {
  /** Base name of its files in /gokrazy/lib. */
  readonly name: string;
  /** Absolute path of the source. */
  readonly source: string;
  /** The file that it is started by, relative to the root of the image; threads are not started as commands. */
  readonly command?: string;
  /** Options of Node that it runs with. */
  readonly nodeOptions: readonly string[];
  /** Absolute path of a source whose function `rehearse` does what each start needs, as far as nobody notices. */
  readonly rehearsal?: string;
}

/** What others wait for, at each start: that is not to be compiled then. */
const rehearsals: { readonly [name: string]: string } = { netconfigd: 'netconfig/rehearsal' };

/** Programs that others start as threads: they look for them beside themselves, by the name they have as source. */
const threads = [{ owner: 'dnsd', source: 'dns/answering-thread' }] as const;

/** All Node programs of the image: the supervisor, its services, and their threads. */
export function programsOfImage(): readonly Program[] {
  const init: Program = {
    name: 'init',
    source: sourceOf('init/main'),
    command: 'gokrazy/init.cjs',
    nodeOptions: supervisorOptions,
  };
  const daemons = services.map(({ name, nodeOptions = [] }) => {
    return {
      name,
      source: sourceOf(`daemons/${name}`),
      command: `user/${name}`,
      nodeOptions: nodeOptions,
      ...(rehearsals[name] !== undefined && { rehearsal: sourceOf(rehearsals[name]) }),
    };
  });
  const helpers = threads.map(({ owner, source }) => {
    const name = source.slice(source.lastIndexOf('/') + 1);
    const nodeOptions = daemons.find((daemon) => daemon.name === owner)?.nodeOptions ?? [];
    return { name, source: sourceOf(source), nodeOptions };
  });
  return [init, ...daemons, ...helpers];
}

function sourceOf(path: string): string {
  return fileURLToPath(new URL(`../../${path}.ts`, import.meta.url));
}
