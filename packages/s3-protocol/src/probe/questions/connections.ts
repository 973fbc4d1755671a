import { Place } from '../place.ts';
import type { Question } from '../question.ts';
import { refusalOf } from '../refusal.ts';
import { clientOf } from '../target.ts';

// Where it happens, it is every second time.
const tries = 24;

export const connections: readonly Question[] = [
  {
    claim: 'profile.closesAfterRefusal',
    asks: `PUT that is refused (412), then HEAD on the same connection, ${tries} times: is one of them reset?`,
    async ask({ target, prefix }) {
      const client = clientOf(target, { keepAlive: true });
      try {
        const place = new Place(target, client, prefix);
        await place.put(place.key('file'), 'text');
        return await isReset(place);
      } finally {
        client.destroy();
      }
    },
  },
];

async function isReset(place: Place): Promise<boolean> {
  for (let count = 0; count < tries; count++) {
    try {
      const refusal = await refusalOf(place.put(place.key('file'), 'text', { IfNoneMatch: '*' }));
      if (refusal === undefined) return false;
      await place.read(place.key('file'));
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'ECONNRESET' || code === 'EPIPE') return true;
      throw error;
    }
  }
  return false;
}
