import { EmitterError } from '@emitter/kit';

/** PAGE_TOKEN_INVALID for a field that holds a token: `page_token`, `cursor`. */
export function tokenInvalid(field: string, description: string): EmitterError {
  return new EmitterError('PAGE_TOKEN_INVALID', `${field} ${description}`, {
    details: { violations: [{ field, description }] },
  });
}
