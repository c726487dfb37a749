import { isLoopback } from './address';

it.each(['localhost', '127.0.0.1', '127.1.2.3', '::1'])('%s stays on this machine', (host) => {
  expect(isLoopback(host)).toBe(true);
});

it.each(['0.0.0.0', '::', '10.0.0.1', '127.example.org', 'localhost.example.org', ''])('%s may be reached', (host) => {
  expect(isLoopback(host)).toBe(false);
});
