import { z } from 'zod';
import { expected, keys, text } from '../parts.js';

// Where a token may travel, whichever protocol it is shown to.

export const inHeader = keys('{ header, prefix }', {
  header: text('the name of a header'),
  prefix: z.string(expected('a text')).optional(),
});

export const inQuery = keys('{ query }', { query: text('the name of a parameter') });
