/**
 * The ids of a W3C traceparent in ECS fields, for `logger.child(traceFields(traceparent))`; none of one that is
 * malformed or absent. Format: https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function traceFields(traceparent: string | undefined): { 'trace.id'?: string; 'span.id'?: string } {
  const match = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}/.exec(traceparent ?? '');
  const [, trace, span] = match ?? [];
  return trace === undefined || span === undefined ? {} : { 'trace.id': trace, 'span.id': span };
}
