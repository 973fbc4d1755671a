import { LocalBackend } from '@storage/backend-local';
import { createExpressApp } from './express-app.ts';
import { createFastifyApp } from './fastify-app.ts';

const maxSize = 100 * 1024 * 1024;

const backend = new LocalBackend({ basePath: './storage' });
await backend.initialize();

createExpressApp(backend, maxSize).listen(3000, '127.0.0.1');
await createFastifyApp(backend, maxSize).listen({ port: 3001, host: '127.0.0.1' });

console.log(`Express on 3000, Fastify on 3001, files of up to ${String(maxSize)} bytes into ./storage:
  curl -F file=@package.json http://127.0.0.1:3000/files
  curl -T package.json http://127.0.0.1:3000/files
  curl -F file=@package.json http://127.0.0.1:3001/files`);
