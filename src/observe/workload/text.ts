import type { MessageId } from '../../history/events.js';
import { tagOf } from '../../history/tag.js';

const words = [
  ...['hello', 'restart', 'deploy', 'coffee', 'later', 'yes', 'no', 'why not', 'on it', 'see you', 'thanks!'],
  // What services get wrong: several bytes a letter, several code points a picture, markup, quotes, a look of JSON.
  ...[
    'naïve',
    'Zürich',
    'Ελλάδα',
    '你好',
    '👩‍👩‍👧',
    '🇳🇴',
    '<b>bold</b>',
    '"quoted"',
    "it's",
    '{"a":1}',
    '100%',
    'C:\\temp',
  ],
];

/** The text of a message: its tag, then talk of varying length. One in eight is long. Obeys `maxLength` (UTF-16 units). */
export function textOf(message: MessageId, maxLength: number, random: () => number): string {
  const wanted = Math.min(maxLength, random() < 0.125 ? 250 + random() * 400 : 30 + random() * 90);
  let text = tagOf(message);
  for (;;) {
    const longer = `${text} ${words[Math.floor(random() * words.length)] ?? ''}`;
    if (longer.length > wanted) return text;
    text = longer;
  }
}
