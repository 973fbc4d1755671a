import { azureContenders } from '../contenders/azure/index.ts';
import type { ContenderInfo } from '../contenders/contender.ts';
import type { Service } from './service.ts';

export const azure: Service = {
  id: 'azure',
  title: 'Azure Blob, against Azurite',
  facts: ['over', 'sends with a small body', 'checks on read', 'keeps metadata'],
  contenders: azureContenders as readonly ContenderInfo[],
  limits: ['limit'],
  without: ['overwrite-1', 'overwrite-16', 'overwrite-64', 'list-100000', 'list-1000000', 'tree-up', 'tree-down'],
  witness: 'limit',
  preparedBy: 'ours',
  notes: [
    '**The limit** is the least a program in JavaScript must do: SharedKey with a cached key over `node:http`, nothing checked.',
    '*limit, checked* does what ours does with each body besides: MD5 sent, or compared with what the service has made of a stream, and verified where one is stored. Blobs of several blocks have none.',
    'Azurite is a Node program on one core and saturates first: where it does, read CPU per operation, not rates.',
  ],
  // Loaded by the process that starts it, not by those that are measured.
  start: async () => (await import('./start-azure.ts')).startAzure(),
};
