import { Operator } from 'opendal';
import type { S3Store } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { contenderOverOpendal } from '../opendal.ts';

export async function openOpendal(store: S3Store): Promise<Contender> {
  const options = {
    bucket: store.bucket,
    endpoint: store.endpointUrl,
    region: store.region,
    access_key_id: store.accessKey,
    secret_access_key: store.secretKey,
    disable_config_load: 'true',
    disable_ec2_metadata: 'true',
  };
  return contenderOverOpendal(new Operator('s3', options));
}
