import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionFault, ProxiedRequest } from './connection-fault.ts';
import { endToEnd, passAnswer } from './proxied-answer.ts';

/** One request, its answer to be, and the server that it is for. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly target: URL;
  readonly record: ProxiedRequest;
}

/** Passes a request on and its answer back, with what goes wrong. */
export async function runExchange(exchange: Exchange, fault: ConnectionFault | undefined): Promise<void> {
  const { incoming } = exchange;
  switch (fault?.kind) {
    case 'reset-before':
      reset(incoming);
      return;
    case 'silent':
      incoming.resume();
      return;
    case 'reset-upload':
    case 'stall-upload':
      return breakUpload(exchange, fault);
    case 'reset-after':
      return resetAfter(exchange);
    case 'answer':
      return answerInstead(exchange, fault);
    case 'lose-answer':
      await drained(await passOn(exchange).answer);
      reset(incoming);
      return;
    case 'delay':
      await sleep(fault.ms);
      break;
    case 'before':
      await fault.run();
      break;
    default:
  }
  const answer = await passOn(exchange).answer;
  if (answer.statusCode !== undefined) exchange.record.status = answer.statusCode;
  await passAnswer(answer, exchange.outgoing, fault);
}

function reset({ socket }: IncomingMessage): void {
  socket.resetAndDestroy();
}

type BrokenUpload = Extract<ConnectionFault, { kind: 'reset-upload' | 'stall-upload' }>;

async function breakUpload(exchange: Exchange, fault: BrokenUpload): Promise<void> {
  const { incoming } = exchange;
  const upstream = openUpstream(exchange);
  const answer = answerOf(upstream).catch(() => undefined);
  let left = fault.afterBytes;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    const part = chunk.subarray(0, left);
    // Gone before the connection breaks, or the server would not see the upload begin.
    if (left > 0) await Promise.race([new Promise((resolve) => upstream.write(part, resolve)), answer]);
    left -= chunk.byteLength;
    if (left <= 0) break;
  }
  if (fault.kind === 'stall-upload') {
    incoming.pause();
    incoming.socket.once('close', () => upstream.destroy());
    return;
  }
  // A body that is shorter than that has reached the server whole.
  if (left > 0) {
    upstream.end();
    await answer;
  }
  upstream.destroy();
  reset(incoming);
}

async function resetAfter(exchange: Exchange): Promise<void> {
  const { upstream, answer } = passOn(exchange);
  await Promise.race([once(upstream, 'finish'), answer]);
  reset(exchange.incoming);
  await drained(await answer);
}

async function answerInstead(
  exchange: Exchange,
  { status, headers = {}, body = '', applied = false }: Extract<ConnectionFault, { kind: 'answer' }>,
): Promise<void> {
  const { incoming, outgoing, record } = exchange;
  if (applied) await drained(await passOn(exchange).answer);
  else await drained(incoming);
  record.status = status;
  outgoing.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
  outgoing.end(body);
}

interface PassedOn {
  readonly upstream: ClientRequest;
  readonly answer: Promise<IncomingMessage>;
}

function passOn(exchange: Exchange): PassedOn {
  const upstream = openUpstream(exchange);
  const answer = answerOf(upstream);
  exchange.incoming.pipe(upstream);
  return { upstream, answer };
}

/** On a connection of its own, so that the server closing one is never taken for a fault of the next request. */
function openUpstream({ incoming, outgoing, target }: Exchange): ClientRequest {
  const { method = 'GET', url = '/', headers, rawHeaders } = incoming;
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  const upstream = httpRequest({
    host: target.hostname,
    port: target.port,
    method,
    path: url,
    // The Host of the client among them: it is signed. A server that is told to close may do so before it has read a
    // body that it refuses, and then its answer is lost: it is told what clients tell it, and the connection ends here.
    headers: [...endToEnd(rawHeaders), ...(hasBody ? [] : ['content-length', '0']), 'connection', 'keep-alive'],
    agent: false,
  });
  upstream.once('response', (answer) => answer.once('end', () => upstream.destroy()));
  // A client that goes away takes its request along, once it has been answered or has been given up.
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) upstream.destroy();
  });
  return upstream;
}

/** The server's answer; may come before the whole request has been passed on, which then does not matter any more. */
function answerOf(upstream: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    upstream.once('response', resolve);
    upstream.on('error', reject);
  });
}

async function drained(message: IncomingMessage): Promise<void> {
  for await (const _chunk of message);
}
