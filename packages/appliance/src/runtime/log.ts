/** How much an event matters. `debug` is left out unless asked for. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What stands behind an event's words. An Error is written as its message; undefined fields are left out. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line per event. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * A log of lines such as `warn lease file set aside file=/perm/dhcp4d/leases.json error="unexpected end"`. There is no
 * time in them: whoever collects the lines (the supervisor, syslog) stamps them.
 *
 * @param write takes one line with its line feed; standard error when absent
 * @param level the least that is written; `debug` when the environment has ROUTER7_DEBUG, otherwise `info`
 */
export function createLog(write?: (line: string) => void, level?: LogLevel): Log {
  const out = write ?? ((line: string): void => void process.stderr.write(line));
  const least = RANK[level ?? (process.env.ROUTER7_DEBUG ? 'debug' : 'info')];
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (RANK[level] >= least) out(formatLine(level, message, fields));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A log that writes nothing. */
export const silentLog: Log = createLog(() => {});

function formatLine(level: LogLevel, message: string, fields: LogFields): string {
  let line = `${level} ${escapeControls(message)}`;
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) line += ` ${key}=${formatValue(value)}`;
  }
  return `${line}\n`;
}

function formatValue(value: unknown): string {
  const text = valueText(value);
  // Names and texts may come from hosts on the network: nothing of theirs may end the line or look like a field.
  return /^[\w.:/@%+,-]+$/.test(text) ? text : `"${escapeControls(text).replace(/(?<!\\)"/g, '\\"')}"`;
}

function valueText(value: unknown): string {
  if (value instanceof Error) return value.message;
  if (typeof value !== 'object' || value === null) return String(value);
  // A value type (address, prefix) has a text of its own.
  return value.toString === Object.prototype.toString || Array.isArray(value) ? JSON.stringify(value) : String(value);
}

function escapeControls(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not get through
    /[\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/g,
    (char) => (char === '\\' ? '\\\\' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
