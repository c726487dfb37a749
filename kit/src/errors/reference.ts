import { errorCodes, type ErrorCodeEntry } from './codes';

/** The reference page of all errors, as Markdown: `docs/errors.md` is made from it. */
export function errorReference(): string {
  const codes: [string, ErrorCodeEntry][] = Object.entries(errorCodes);
  const rows = codes.map(
    ([code, { grpc, retryable, meaning, remedy }]) =>
      `| \`${code}\` | \`${grpc}\` | ${retryable ? 'yes' : 'no'} | ${meaning} | ${remedy} |`,
  );
  return `# Errors

Made from \`kit/src/errors/codes.ts\`; do not edit.

Every error that a service gives has one of these codes. Over gRPC it travels as \`google.rpc.ErrorInfo\` (\`reason\` is the
code, \`domain\` is \`emitter\`) in the status details, beside \`BadRequest\` with each field that is wrong, \`RetryInfo\` with
when to try again, and \`RequestInfo\` with the request id to repeat an acquisition under. "Try again" says whether the same
request, unchanged, may succeed later.

| Code | gRPC status | Try again | Meaning | What to do |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}
