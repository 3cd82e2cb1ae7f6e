// One session of the reference client: prints one JSON line for each thing that happened.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const report = (step, value) => console.log(JSON.stringify({ step, value }));

const client = createClient({
  url: process.argv[2],
  webSocketImpl: WebSocket,
  lazy: false,
  connectionParams: { authorization: 'Bearer Ada' },
  shouldRetry: () => true, // also while nothing listens; the default retries after closes only
  retryAttempts: 50,
  retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)),
  onNonLazyError: (error) => report('gave up', String(error)),
  on: { connected: () => report('connected'), closed: (event) => report('closed', [event.code, event.reason]) },
});

const run = (payload) =>
  new Promise((resolve) => {
    const results = [];
    client.subscribe(payload, {
      next: (result) => results.push(result),
      error: (errors) => resolve({ errors }),
      complete: () => resolve(results),
    });
  });

report('query', await run({ query: '{ me }' }));
report('mutation', await run({ query: 'mutation { increase }' }));
report('subscription', await run({ query: 'subscription { count(to: 3) }' }));

const whole = run({ query: 'subscription { count(to: 5, every: 0.1) }' });
report('syntax', await run({ query: '{' }));
report('unknown field', await run({ query: '{ nope }' }));
report('unknown operation', await run({ query: 'query A { me }', operationName: 'B' }));
report('undisturbed', await whole);

let first = true;
const stop = client.subscribe(
  { query: 'subscription { count(to: 1000, every: 0.1) }' },
  {
    next: ({ data }) => {
      if (data.count !== 0) return;
      report(first ? 'watching' : 'resumed');
      if (!first) {
        stop();
        client.dispose();
      }
      first = false;
    },
    error: (error) => report('lost', String(error)),
    complete: () => {},
  },
);
