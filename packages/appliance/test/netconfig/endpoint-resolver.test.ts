import { Ipv4Address } from '@router7/wire';
import t from 'tap';
import { EndpointResolver, type Lookup } from '../../src/netconfig/endpoint-resolver.ts';

// The resolver’s own timers keep nobody alive.
const alive = setInterval(() => undefined, 1000);
t.teardown(() => clearInterval(alive));

const HOME = new Set(['home.example.net']);
const ip = Ipv4Address.parse;

/** A name server by script: each question gets the next answer; the last one goes on. Undefined: it fails. */
function script(...answers: (readonly string[] | undefined)[]): {
  readonly lookup: Lookup;
  readonly asked: () => number;
} {
  let asked = 0;
  return {
    asked: () => asked,
    lookup: async () => {
      const answer = answers[Math.min(asked++, answers.length - 1)];
      if (answer === undefined) throw new Error('SERVFAIL');
      return answer.map(ip);
    },
  };
}

/** Resolves when the resolver tells of a change. */
function change(): { readonly told: () => void; readonly next: () => Promise<void> } {
  let wake: () => void = () => undefined;
  return { told: () => wake(), next: () => new Promise((resolve) => (wake = resolve)) };
}

t.test('nobody waits for a name server; a change is told', async (t) => {
  const { told, next } = change();
  const { lookup } = script(['192.0.2.1'], ['192.0.2.2']);
  const resolver = new EndpointResolver(told, { lookup, refresh: 5 });
  t.teardown(() => resolver.close());
  const first = next();
  t.same([...resolver.follow(HOME)], [], 'at once, with what is known');
  t.ok(resolver.isAsking);
  await first;
  t.same(String(resolver.follow(HOME).get('home.example.net')), '192.0.2.1');
  await next();
  t.same(String(resolver.follow(HOME).get('home.example.net')), '192.0.2.2', 'it has moved');
});

t.test('a name server that turns the order round does not move the endpoint', async (t) => {
  const { lookup, asked } = script(['192.0.2.1', '192.0.2.2'], ['192.0.2.2', '192.0.2.1']);
  let changes = 0;
  const resolver = new EndpointResolver(() => changes++, { lookup, refresh: 1 });
  t.teardown(() => resolver.close());
  resolver.follow(HOME);
  while (asked() < 4) await new Promise((resolve) => setTimeout(resolve, 1));
  t.equal(changes, 1);
  t.equal(String(resolver.follow(HOME).get('home.example.net')), '192.0.2.1');
});

t.test('after a failure it is asked again, and what was known goes on', async (t) => {
  const { told, next } = change();
  const { lookup, asked } = script(undefined, undefined, ['192.0.2.1'], undefined);
  const resolver = new EndpointResolver(told, { lookup, refresh: 1, retry: 1 });
  t.teardown(() => resolver.close());
  const first = next();
  resolver.follow(HOME);
  await resolver.settled();
  t.same([...resolver.follow(HOME)], []);
  await first;
  while (asked() < 5) await new Promise((resolve) => setTimeout(resolve, 1));
  t.equal(String(resolver.follow(HOME).get('home.example.net')), '192.0.2.1');
});

t.test('a name that is configured no more is forgotten, also while it is asked for', async (t) => {
  const { lookup, asked } = script(['192.0.2.1']);
  let changes = 0;
  const resolver = new EndpointResolver(() => changes++, { lookup, refresh: 1 });
  t.teardown(() => resolver.close());
  resolver.follow(HOME);
  t.same([...resolver.follow(new Set())], []);
  await resolver.settled();
  t.same([changes, asked()], [0, 1]);
});
