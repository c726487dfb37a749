export { createReadModel, type ReadModel } from './read-model';
