export { createTestDatabase, type TestDatabase, type TestLogin } from './test-database';
