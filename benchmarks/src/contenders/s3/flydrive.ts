import { S3Driver } from 'flydrive/drivers/s3';
import type { S3Store } from '../../services/store.ts';
import { type Contender, metadata } from '../contender.ts';
import { contenderOverFlydrive } from '../flydrive.ts';
import { clientOf } from './client-s3.ts';

export async function openFlydrive(store: S3Store): Promise<Contender> {
  const driver = new S3Driver({
    client: clientOf(store),
    bucket: store.bucket,
    visibility: 'private',
    supportsACL: false,
  });
  return contenderOverFlydrive(driver, { unsized: false, more: { Metadata: metadata } });
}
