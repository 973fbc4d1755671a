import type { IntelligentTieringConfiguration, S3Bucket } from '@storage/s3-protocol';

/** Adds a configuration, which was checked, or replaces the one of its Id. */
export async function setIntelligentTiering(
  { sdk, client, Bucket, abortSignal }: S3Bucket,
  rule: IntelligentTieringConfiguration,
): Promise<void> {
  const command = new sdk.PutBucketIntelligentTieringConfigurationCommand({
    Bucket,
    Id: rule.Id,
    IntelligentTieringConfiguration: rule,
  });
  await client.send(command, { abortSignal });
}

/** All configurations, page by page. */
export async function getIntelligentTiering({
  sdk,
  client,
  Bucket,
  abortSignal,
}: S3Bucket): Promise<IntelligentTieringConfiguration[]> {
  const found: IntelligentTieringConfiguration[] = [];
  let ContinuationToken: string | undefined;
  do {
    const command = new sdk.ListBucketIntelligentTieringConfigurationsCommand({ Bucket, ContinuationToken });
    const page = await client.send(command, { abortSignal });
    found.push(...(page.IntelligentTieringConfigurationList ?? []));
    ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (ContinuationToken !== undefined);
  return found;
}

export async function deleteIntelligentTiering(
  { sdk, client, Bucket, abortSignal }: S3Bucket,
  Id: string,
): Promise<void> {
  try {
    await client.send(new sdk.DeleteBucketIntelligentTieringConfigurationCommand({ Bucket, Id }), { abortSignal });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NoSuchConfiguration')) throw error;
  }
}
