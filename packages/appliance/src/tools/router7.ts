#!/usr/bin/env node
import { netconfig } from './netconfig.ts';

/*
 * router7: what can be asked of a router at its prompt.
 *
 * usage: router7 COMMAND [FLAG ...]
 */

/** A command of `router7`: takes what stands behind its name, gives the exit status. */
interface Command {
  /** Its flags, for the usage. */
  readonly usage: string;
  /** One line. */
  readonly summary: string;
  readonly run: (args: readonly string[]) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = { netconfig };

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command === undefined) {
  const wanted = ['', 'help', '-h', '--help'].includes(name);
  const list = Object.entries(commands).map(([name, { usage, summary }]) => `  ${name} ${usage}\n      ${summary}\n`);
  const text = `${wanted ? '' : `router7: found "${name}", expected a command\n`}usage: router7 COMMAND\n\n${list.join('')}`;
  (wanted ? process.stdout : process.stderr).write(text);
  process.exitCode = wanted ? 0 : 2;
} else {
  process.exitCode = await command.run(args);
}
