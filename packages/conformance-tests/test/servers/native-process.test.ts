import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startProcess } from '../../src/servers/native-process.ts';

const server = `
  const [port, folder] = process.argv.slice(1);
  require('node:http').createServer((_, answer) => answer.end(folder)).listen(Number(port), '127.0.0.1');
`;

test('a program is ready when it answers, and gone with its folder after stop', async () => {
  const running = await startProcess({
    file: process.execPath,
    args: (port, folder) => ['-e', server, String(port), folder],
    readyPath: '/',
  });
  const folder = await (await fetch(running.url)).text();
  expect(existsSync(folder)).toBe(true);
  await running.stop();
  await expect(fetch(running.url)).rejects.toThrow();
  expect(existsSync(folder)).toBe(false);
});

test('a program that ends instead fails at once, with what it said', async () => {
  const args = (): string[] => ['-e', 'console.error("no such disk"); process.exit(3)'];
  const started = startProcess({ file: process.execPath, args, readyPath: '/' });
  await expect(started).rejects.toThrow('no such disk');
});

test('a program that is not there fails', async () => {
  await expect(startProcess({ file: '/not/there', args: () => [], readyPath: '/' })).rejects.toThrow('/not/there');
});
