import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian has it. */
export const CHROMIUM = '/usr/bin/chromium';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--hide-scrollbars',
  '--remote-debugging-port=0',
];

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** How a page is looked at. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly colours: 'light' | 'dark';
  readonly script?: boolean;
}

/** One page in a Chromium without a window, by its debugging protocol. */
export class Browser {
  /** What the page complained about: errors of scripts, what the policy refused. */
  readonly complaints: string[] = [];
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  readonly #events = new Map<string, () => void>();
  #next = 1;

  static async start(): Promise<Browser> {
    const folder = mkdtempSync(join(tmpdir(), 'r7-browser-'));
    const child = spawn(CHROMIUM, [...FLAGS, `--user-data-dir=${folder}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const port = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`chromium: ${text.slice(-500)}`)));
      child.stderr.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        const [, found] = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(text) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
      readonly type: string;
      readonly webSocketDebuggerUrl: string;
    }[];
    const url = targets.find(({ type }) => type === 'page')?.webSocketDebuggerUrl;
    if (url === undefined) throw new Error('chromium has no page');
    const socket = new WebSocket(url);
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    const browser = new Browser(child, folder, socket);
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await browser.send(`${domain}.enable`);
    return browser;
  }

  private constructor(child: ChildProcess, folder: string, socket: WebSocket) {
    this.#child = child;
    this.#folder = folder;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data)) as Reply));
  }

  /** A command of the protocol. */
  send<T>(method: string, params: object = {}): Promise<T> {
    const id = this.#next++;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise<T>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Sends these headers with every request. */
  async headers(headers: Readonly<Record<string, string>>): Promise<void> {
    await this.send('Network.setExtraHTTPHeaders', { headers });
  }

  async look({ width, height, colours, script = true }: Look): Promise<void> {
    const mobile = width < 600;
    await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile });
    const features = [{ name: 'prefers-color-scheme', value: colours }];
    await this.send('Emulation.setEmulatedMedia', { features });
    await this.send('Emulation.setScriptExecutionDisabled', { value: !script });
  }

  /** Opens a page and waits for all of it. */
  async open(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => this.#events.set('Page.loadEventFired', resolve));
    await this.send('Page.navigate', { url });
    await loaded;
  }

  /** The value of an expression in the page. */
  async value<T>(expression: string): Promise<T> {
    const { result } = await this.send<{ readonly result: { readonly value: T } }>('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    return result.value;
  }

  /** A PNG of the whole page. */
  async picture(): Promise<Buffer> {
    const { data } = await this.send<{ readonly data: string }>('Page.captureScreenshot', {
      captureBeyondViewport: true,
    });
    return Buffer.from(data, 'base64');
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#socket.close();
    this.#child.kill('SIGTERM');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #receive({ id, method, params, result, error }: Reply): void {
    if (id !== undefined) {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result as never);
      else waiting?.reject(new Error(error.message));
      return;
    }
    if (method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded')
      this.complaints.push(JSON.stringify(params));
    if (method !== undefined) this.#events.get(method)?.();
  }
}
