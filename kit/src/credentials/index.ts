export { fixedCredential, type CredentialSource } from './credential-source';
