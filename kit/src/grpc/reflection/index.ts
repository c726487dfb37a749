export { reflectionService } from './reflection-service';
