export * from './credentials';
export * from './errors';
export * from './readiness';
