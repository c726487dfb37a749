import { PulsarError } from '../errors';

/**
 * A topic's full name: `persistent://tenant/namespace/topic`. Short forms are `topic` (in public/default) and
 * `tenant/namespace/topic`. Raises INVALID_TOPIC.
 */
export function fullTopicName(name: string): string {
  const match = /^(?:(persistent|non-persistent):\/\/)?(.+)$/.exec(name);
  const parts = match?.[2]?.split('/') ?? [];
  const domain = match?.[1] ?? 'persistent';
  const full = parts.length === 1 && match?.[1] === undefined ? ['public', 'default', ...parts] : parts;
  // Four parts are the form with a cluster, of Pulsar 1.
  if (full.length < 3 || full.length > 4 || full.some((part) => part === '')) {
    throw new PulsarError('INVALID_TOPIC', `"${name}" is not a topic name`, { details: { topic: name } });
  }
  return `${domain}://${full.join('/')}`;
}

/** The name of one partition of a topic. */
export function partitionName(topic: string, index: number): string {
  return `${topic}-partition-${index}`;
}

/** The partition that a name ends with, or -1. */
export function partitionIndex(topic: string): number {
  const match = /-partition-(\d+)$/.exec(topic);
  return match ? Number(match[1]) : -1;
}
