import { isSecretName, maskedValue, maskSecrets } from './mask';

/** What a line must hold for there to be anything to mask; most lines do not, and pass as they are. */
const suspicious =
  /pass|pwd|secret|token|auth|cookie|credential|key|bearer|basic|:\/\/\S*@|hv[sb]\.|eyJ|"type":"Buffer"/i;

/** A line longer than this is looked through whatever it holds: a log is no place for payloads. */
const longLine = 8 * 1024;

/** Longest text kept, in characters; a stack trace may be as long as `longestStack`. */
const longestText = 2 * 1024;
const longestStack = 16 * 1024;
const mostItems = 50;
const deepest = 8;

/**
 * Cleans one log line, JSON with a line break: secrets masked, long texts and arrays cut, bytes as their number. It is
 * the one place that every line goes through, whichever way a value came into it: field, binding, message or error.
 */
export function cleanLine(line: string): string {
  if (line.length <= longLine && !suspicious.test(line)) {
    return line;
  }
  try {
    return `${JSON.stringify(clean(JSON.parse(line), '', 0))}\n`;
  } catch {
    // Not a line of pino's own making; better cut than lost.
    return `${cut(maskSecrets(line.trimEnd()), longLine)}\n`;
  }
}

function clean(value: unknown, name: string, depth: number): unknown {
  if (typeof value === 'string') {
    return cut(maskSecrets(value), name === 'stack_trace' ? longestStack : longestText);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (depth === deepest) {
    return '[deeper]';
  }
  if (Array.isArray(value)) {
    const items = value.slice(0, mostItems).map((item) => clean(item, '', depth + 1));
    return value.length > mostItems ? [...items, `[${value.length - mostItems} more]`] : items;
  }
  if ('type' in value && value.type === 'Buffer' && 'data' in value && Array.isArray(value.data)) {
    return `[${value.data.length} bytes]`;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, isSecretName(key) ? maskedValue : clean(inner, key, depth + 1)]),
  );
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… [${text.length - longest} more characters]`;
}
