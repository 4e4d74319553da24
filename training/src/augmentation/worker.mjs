// Worker threads do not inherit tsx's loader on Node 20, so it is registered here.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
