export { fingerprint, seal, unseal, type TokenKind } from './seal';
export { tokenInvalid } from './token-invalid';
