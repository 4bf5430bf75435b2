import t from 'tap';
import type { ServiceInput, ServiceOutput } from '../../src/init/service-events.ts';
import { ServiceMachine } from '../../src/init/service-machine.ts';
import { isAlive, pidOf } from '../../src/init/service-state.ts';
import { type Service, services } from '../../src/init/services.ts';

function service(name: string, waitsFor: readonly string[] = [], readyWithinMs = 10_000): Service {
  return { name, args: [], user: name, capabilities: [], writable: [], memoryMiB: 1, waitsFor, readyWithinMs };
}

/** A machine whose processes get numbers and otherwise do as the test says; times in milliseconds. */
class Stage {
  readonly machine: ServiceMachine;
  now = 0;
  /** What it wanted, the oldest first, since it was taken last: `+a` started, `-a` asked to end, `!a` made to, `over`. */
  #deeds: string[] = [];
  readonly told: string[] = [];
  #pid = 100;

  constructor(...table: Service[]) {
    this.machine = new ServiceMachine(table);
  }

  do(input: ServiceInput): this {
    this.machine.handle(input, this.now);
    for (;;) {
      const output = this.machine.poll();
      if (output === undefined) return this;
      this.#perform(output);
    }
  }

  ready(...names: string[]): this {
    for (const name of names) this.do({ kind: 'ready', name });
    return this;
  }

  ended(name: string, status?: number): this {
    const known = status === undefined ? {} : { status };
    return this.do({ kind: 'ended', name, how: status === undefined ? 'SIGKILL' : `status ${status}`, ...known });
  }

  /** Lets time pass, with each time-out at its time. */
  wait(milliseconds: number): this {
    const end = this.now + milliseconds;
    for (let i = 0; ; i++) {
      const deadline = this.machine.deadline();
      if (deadline === undefined || deadline > end) break;
      if (i > 1000) throw new Error(`the time-out at ${deadline} comes again and again`);
      this.now = Math.max(this.now, deadline);
      this.do({ kind: 'timeout' });
    }
    this.now = end;
    return this.do({ kind: 'timeout' });
  }

  deeds(): string {
    const deeds = this.#deeds.join(' ');
    this.#deeds = [];
    return deeds;
  }

  states(): string {
    return this.names.map((name) => this.machine.state(name).kind).join(' ');
  }

  names: readonly string[] = [];

  #perform(output: ServiceOutput): void {
    if (output.kind === 'spawn') {
      this.#deeds.push(`+${output.name}`);
      this.do({ kind: 'spawned', name: output.name, pid: this.#pid++ });
    } else if (output.kind === 'signal') {
      this.#deeds.push(`${output.signal === 'SIGTERM' ? '-' : '!'}${output.name}`);
    } else if (output.kind === 'over') this.#deeds.push('over');
    else if (output.kind === 'told') this.told.push(`${output.name} ${output.message}`);
  }
}

t.test('IN-11: a service starts when those that it waits for are ready', async (t) => {
  const stage = new Stage(service('a'), service('b', ['a']), service('c', ['a', 'b']), service('d'));
  t.equal(stage.do({ kind: 'begin' }).deeds(), '+a +d');
  t.equal(stage.ready('d').deeds(), '');
  t.equal(stage.ready('a').deeds(), '+b');
  t.equal(stage.ready('a').deeds(), '', 'said twice');
  t.equal(stage.ready('b').deeds(), '+c');
});

t.test('IN-11: nobody waits for ever for a service that never gets ready', async (t) => {
  const stage = new Stage(service('a', [], 3000), service('b', ['a']));
  t.equal(stage.do({ kind: 'begin' }).wait(2999).deeds(), '+a');
  t.equal(stage.wait(1).deeds(), '+b');
  t.match(stage.told, ['a not ready after 3 s, nobody waits any longer']);
  t.equal(stage.machine.state('a').kind, 'running');
});

t.test('IN-11: nor for one that ends again and again before it is ready', async (t) => {
  const stage = new Stage(service('a', [], 5000), service('b', ['a']), service('c', ['b']));
  stage.do({ kind: 'begin' }).ended('a', 1);
  t.equal(stage.wait(1000).ended('a', 1).deeds(), '+a +a');
  // The next start is due after 2 s more, the one after that at 7 s.
  t.equal(stage.wait(2000).ended('a', 1).deeds(), '+a');
  t.equal(stage.wait(1999).deeds(), '');
  t.equal(stage.wait(1).deeds(), '+b', '5 s after its first start');
  t.equal(stage.ready('b').deeds(), '+c');
  t.equal(stage.wait(2000).deeds(), '+a', 'while it is tried on');
});

t.test('IN-11: after all have been killed they come back in order, and one alone need not wait', async (t) => {
  const stage = new Stage(service('a'), service('b', ['a']));
  stage.do({ kind: 'begin' }).ready('a', 'b').deeds();
  t.equal(stage.ended('b').wait(1000).deeds(), '+b');
  stage.ready('b').ended('a').ended('b');
  t.equal(stage.wait(1000).deeds(), '+a');
  t.equal(stage.wait(3000).deeds(), '', 'b was due, and waits');
  t.equal(stage.ready('a').deeds(), '+b');
});

t.test('IN-11: nobody waits as long as one that ends again and again backs off, or for one that hangs', async (t) => {
  const stage = new Stage(service('a'), service('b', ['a']));
  stage.do({ kind: 'begin' });
  for (const seconds of [1, 2, 4, 8, 16])
    stage
      .ready('a')
      .ended('a', 1)
      .wait(seconds * 1000);
  // It starts again in 32 s.
  stage.ready('a').ended('a', 1).ended('b').deeds();
  t.equal(stage.wait(9999).deeds(), '');
  t.equal(stage.wait(1).deeds(), '+b', '10 s after its end');
  stage.wait(22_000).ready('a').do({ kind: 'restart', name: 'a', kill: false, once: false }).ended('b').deeds();
  t.equal(stage.wait(5000).deeds(), '!a');
  t.equal(stage.wait(8999).deeds(), '');
  t.equal(stage.wait(1).deeds(), '+b', 'as long as it may take to end, and to start');
});

t.test('IN-11: for a service that is stopped nobody waits', async (t) => {
  const stage = new Stage(service('a'), service('b', ['a']), service('c', ['a']));
  stage.do({ kind: 'begin' }).deeds();
  stage.do({ kind: 'stop', name: 'a', kill: false });
  t.equal(stage.deeds(), '-a', 'not while it may be meant to start again');
  t.equal(stage.ended('a').deeds(), '+b +c');
});

t.test(
  'IN-02: a service starts again at once, later when it has ended soon; status 0 and 125 are for good',
  async (t) => {
    const stage = new Stage(service('a'));
    stage.do({ kind: 'begin' }).ready('a').deeds();
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      stage.wait(100).ended('a', 1);
      t.equal(stage.wait(seconds * 1000 - 1).deeds(), '', `not before ${seconds} s`);
      t.equal(stage.wait(1).deeds(), '+a', `after ${seconds} s`);
    }
    t.equal(stage.machine.restarts('a'), 8);
    t.equal(stage.wait(60_000).ended('a').deeds(), '+a', 'a minute of life, and it need not wait');
    t.match(stage.told.at(-1), 'a ended with SIGKILL, starts again at once');
    t.equal(stage.wait(100).ended('a').wait(999).deeds(), '');
    t.equal(stage.wait(1).deeds(), '+a', 'all is forgotten');
    for (const status of [0, 125]) {
      stage.do({ kind: 'start', name: 'a' }).deeds();
      stage.ended('a', status);
      t.equal(stage.wait(600_000).deeds(), '', `status ${status}`);
      t.equal(stage.machine.state('a').kind, 'stopped');
    }
  },
);

t.test('what cannot be started is tried again like what ends', async (t) => {
  const machine = new ServiceMachine([service('a')]);
  machine.handle({ kind: 'begin' }, 0);
  machine.handle({ kind: 'ended', name: 'a', how: 'ENOENT', status: 127 }, 1);
  t.same(machine.state('a'), { kind: 'backing-off', until: 1001 });
});

t.test('a service that is stopped gets SIGTERM, and SIGKILL after 4 s', async (t) => {
  const stage = new Stage(service('a'));
  stage.do({ kind: 'begin' }).ready('a').deeds();
  t.equal(stage.do({ kind: 'stop', name: 'a', kill: false }).deeds(), '-a');
  t.equal(stage.do({ kind: 'stop', name: 'a', kill: false }).wait(3999).deeds(), '', 'once is enough');
  t.equal(stage.wait(1).deeds(), '!a');
  t.equal(stage.do({ kind: 'stop', name: 'a', kill: true }).deeds(), '', 'so is that');
  t.equal(stage.wait(600_000).deeds(), '', 'a process may hang in the kernel');
  t.equal(stage.machine.deadline(), undefined);
  t.equal(stage.ended('a').machine.state('a').kind, 'stopped');
  t.equal(stage.wait(60_000).deeds(), '', 'for good');
  t.equal(stage.do({ kind: 'start', name: 'a' }).deeds(), '+a');
});

t.test('a person starts, stops and restarts in every state', async (t) => {
  // The state it is in, what is asked, what is done, and the state once what has to end has ended.
  const waiting = (stage: Stage): Stage => stage.do({ kind: 'begin' });
  const starting = (stage: Stage): Stage => waiting(stage).ready('before');
  const running = (stage: Stage): Stage => starting(stage).ready('a');
  const backingOff = (stage: Stage): Stage => running(stage).ended('a', 1);
  const stopping = (stage: Stage): Stage => running(stage).do({ kind: 'stop', name: 'a', kill: false });
  const stopped = (stage: Stage): Stage => stopping(stage).ended('a');
  const before = { waiting, starting, running, backingOff, stopping, stopped };
  const rows: readonly [keyof typeof before, 'start' | 'stop' | 'kill' | 'restart' | 'rekill', string, string][] = [
    ['waiting', 'start', '+a', 'starting'],
    ['waiting', 'stop', '', 'stopped'],
    ['waiting', 'restart', '+a', 'starting'],
    ['starting', 'start', '', 'starting'],
    ['starting', 'stop', '-a', 'stopped'],
    ['starting', 'kill', '!a', 'stopped'],
    ['starting', 'restart', '-a', 'starting'],
    ['running', 'start', '', 'running'],
    ['running', 'stop', '-a', 'stopped'],
    ['running', 'kill', '!a', 'stopped'],
    ['running', 'restart', '-a', 'starting'],
    ['running', 'rekill', '!a', 'starting'],
    ['backingOff', 'start', '+a', 'starting'],
    ['backingOff', 'stop', '', 'stopped'],
    ['backingOff', 'restart', '+a', 'starting'],
    ['stopping', 'start', '', 'starting'],
    ['stopping', 'stop', '', 'stopped'],
    ['stopping', 'kill', '!a', 'stopped'],
    ['stopping', 'restart', '', 'starting'],
    ['stopped', 'start', '+a', 'starting'],
    ['stopped', 'stop', '', 'stopped'],
    ['stopped', 'restart', '+a', 'starting'],
  ];
  for (const [from, what, deeds, to] of rows) {
    const stage = new Stage(service('before'), service('a', ['before']));
    before[from](stage).deeds();
    if (what === 'start') stage.do({ kind: 'start', name: 'a' });
    else if (what === 'stop' || what === 'kill') stage.do({ kind: 'stop', name: 'a', kill: what === 'kill' });
    else stage.do({ kind: 'restart', name: 'a', kill: what === 'rekill', once: false });
    t.equal(stage.deeds(), deeds, `${what} while ${from}`);
    if (stage.machine.state('a').kind === 'stopping') stage.ended('a');
    t.equal(stage.machine.state('a').kind, to, `${what} while ${from}: the state after that`);
  }
});

t.test('IN-05: a service that was started only once stays stopped when it ends', async (t) => {
  const stage = new Stage(service('a'));
  stage.do({ kind: 'begin' }).do({ kind: 'restart', name: 'a', kill: true, once: true }).ended('a').ready('a').deeds();
  t.equal(stage.ended('a', 1).wait(100_000).deeds(), '');
  t.equal(stage.machine.state('a').kind, 'stopped');
});

t.test('everything ends in the opposite order, and in bounded time', async (t) => {
  const stage = new Stage(service('a'), service('b', ['a']), service('c', ['b']), service('d', ['b']), service('e'));
  stage.do({ kind: 'begin' }).ready('a', 'b', 'c').deeds();
  t.equal(stage.do({ kind: 'shutdown' }).deeds(), '-e -d -c', 'whoever is not waited for');
  t.equal(stage.ended('c').deeds(), '');
  t.equal(stage.ended('d', 0).deeds(), '-b');
  t.equal(stage.ended('e', 1).wait(4000).deeds(), '!b');
  t.equal(stage.wait(999).deeds(), '');
  t.equal(stage.wait(1).deeds(), '-a', 'b hangs in the kernel');
  t.equal(stage.do({ kind: 'start', name: 'c' }).deeds(), '', 'nothing starts any more');
  t.equal(stage.ended('a').deeds(), 'over');
  t.equal(stage.do({ kind: 'shutdown' }).wait(100_000).deeds(), '', 'said once');
});

t.test('everything ends before it has begun, while all wait, and while all back off', async (t) => {
  t.equal(new Stage(service('a')).do({ kind: 'shutdown' }).do({ kind: 'begin' }).deeds(), 'over');
  const stage = new Stage(service('a'), service('b', ['a']));
  t.equal(stage.do({ kind: 'begin' }).ended('a', 1).do({ kind: 'shutdown' }).deeds(), '+a over');
  t.equal(stage.wait(100_000).deeds(), '');
});

t.test('a new supervisor goes on with what is running and leaves alone what was stopped', async (t) => {
  const stage = new Stage(service('a'), service('b', ['a']), service('c', ['a']), service('d'));
  stage.do({ kind: 'remember', name: 'a', restarts: 3, isStopped: false });
  stage.do({ kind: 'adopt', name: 'a', pid: 7, ready: false, isEnding: false, ageMs: 120_000 });
  stage.do({ kind: 'adopt', name: 'b', pid: 8, ready: true, isEnding: false, ageMs: 0 });
  stage.do({ kind: 'remember', name: 'd', restarts: 0, isStopped: true });
  t.equal(stage.do({ kind: 'begin' }).deeds(), '', 'c waits for a');
  t.equal(pidOf(stage.machine.state('a')), 7);
  t.equal(stage.ready('a').deeds(), '+c');
  stage.ended('a').wait(1000);
  t.equal(stage.deeds(), '+a');
  t.equal(stage.machine.restarts('a'), 4);
  t.equal(stage.do({ kind: 'start', name: 'd' }).deeds(), '+d');
});

t.test('IN-11: what the supervisor before was stopping when it was killed is stopped', async (t) => {
  const stage = new Stage(service('a'), service('b', ['a']));
  stage.do({ kind: 'remember', name: 'a', restarts: 0, isStopped: true });
  stage.do({ kind: 'adopt', name: 'a', pid: 7, ready: false, isEnding: false, ageMs: 1000 });
  t.equal(stage.do({ kind: 'begin' }).deeds(), '-a');
  t.equal(stage.ended('a').wait(70_000).machine.state('a').kind, 'stopped');
  t.equal(stage.machine.state('b').kind, 'running');
});

t.test('IN-09, IN-11: what the supervisor before was ending to start it again is started again', async (t) => {
  const stage = new Stage(service('a'), service('b', ['a']));
  stage.do({ kind: 'remember', name: 'a', restarts: 0, isStopped: false });
  stage.do({ kind: 'adopt', name: 'a', pid: 7, ready: true, isEnding: true, ageMs: 1000 });
  t.equal(stage.do({ kind: 'begin' }).deeds(), '-a');
  t.equal(stage.ended('a', 0).deeds(), '+a', 'whatever its exit status says');
  t.equal(stage.ready('a').deeds(), '+b');
});

t.test('a table that contradicts itself is refused; the router has a good one', async (t) => {
  t.throws(() => new ServiceMachine([service('a', ['b']), service('b')]), RangeError);
  t.throws(() => new ServiceMachine([service('a', ['a'])]), RangeError);
  t.throws(() => new ServiceMachine([]).handle({ kind: 'ready', name: 'a' }, 0), RangeError);
  t.doesNotThrow(() => new ServiceMachine(services));
});

t.test('ten thousand random stories: nothing runs twice, nothing waits for ever, all ends', async (t) => {
  const names = ['a', 'b', 'c', 'd'];
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let story = 0; story < 10_000; story++) {
    const table = [service('a', [], 2000), service('b', ['a']), service('c', ['a', 'b']), service('d', ['a'])];
    const machine = new ServiceMachine(table);
    const alive = new Set<string>();
    let now = 0;
    let isOver = false;
    const handle = (input: ServiceInput): void => {
      machine.handle(input, now);
      for (let output = machine.poll(); output !== undefined; output = machine.poll()) {
        if (output.kind === 'spawn') {
          if (alive.has(output.name) || isOver) return void t.fail(`story ${story}: ${output.name} twice`);
          alive.add(output.name);
          machine.handle({ kind: 'spawned', name: output.name, pid: 1 }, now);
        } else if (output.kind === 'signal') {
          if (!alive.has(output.name)) return void t.fail(`story ${story}: ${output.name} is gone`);
          // Some do not care.
          if (output.signal === 'SIGKILL' || random(3) > 0) end(output.name);
        } else if (output.kind === 'over') isOver = true;
      }
    };
    const pending: string[] = [];
    const end = (name: string): void => void pending.push(name);
    const drain = (): void => {
      for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
        if (alive.delete(name)) handle({ kind: 'ended', name, how: 'end', status: random(3) });
      }
    };
    const pass = (milliseconds: number): void => {
      const until = now + milliseconds;
      for (let i = 0; i < 500; i++) {
        const deadline = machine.deadline();
        if (deadline === undefined || deadline > until) break;
        now = Math.max(now, deadline);
        handle({ kind: 'timeout' });
        drain();
      }
      now = until;
    };
    handle({ kind: 'begin' });
    for (let step = 0; step < 12; step++) {
      const name = names[random(names.length)] as string;
      const kill = random(2) === 0;
      const deed = random(7);
      if (deed === 0) handle({ kind: 'ready', name });
      else if (deed === 1 && alive.has(name)) end(name);
      else if (deed === 2) handle({ kind: 'stop', name, kill });
      else if (deed === 3) handle({ kind: 'start', name });
      else if (deed === 4) handle({ kind: 'restart', name, kill, once: random(2) === 0 });
      else pass(random(5000));
      drain();
    }
    pass(200_000);
    for (const name of names) {
      const { kind } = machine.state(name);
      if (kind === 'waiting' || kind === 'stopping') t.fail(`story ${story}: ${name} is ${kind} for ever`);
      if (isAlive(machine.state(name)) !== alive.has(name)) t.fail(`story ${story}: ${name} is not ${kind}`);
    }
    handle({ kind: 'shutdown' });
    drain();
    pass(30_000);
    if (!isOver || alive.size > 0) t.fail(`story ${story}: ${[...alive]} left`);
  }
});
