import { log } from '@clack/prompts';
import type { LocalBackend } from '@storage/backend-local';

/** Serves signed URLs over HTTP, opens one as a browser would, and shows that a changed one is refused. */
export async function openASignedUrl(backend: LocalBackend, key: string): Promise<void> {
  await using _server = await backend.serveUrls();
  const url = await backend.getUrl(key, { expiresIn: 60 });
  const opened = await fetch(url);
  const { byteLength } = await opened.arrayBuffer();

  const tampered = new URL(url);
  tampered.pathname += '.bak';
  const refused = await fetch(tampered);
  await refused.body?.cancel();

  log.step(
    [
      `Signed URL, good for a minute: ${url}`,
      `GET answers ${String(opened.status)}, ${String(byteLength)} bytes of ${opened.headers.get('content-type') ?? ''}`,
      `The same signature for another key answers ${String(refused.status)}`,
    ].join('\n'),
  );
}
