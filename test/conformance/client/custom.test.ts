import { custom } from '../../../src/observe/client/index.js';
import { parrot } from '../../observe/client/custom/parrot.js';
import { conforms } from './conforms.js';
import { serve } from './mission-server.js';

const backoff = { firstMs: 5, maxMs: 20, factor: 2 };

conforms('custom, where we dial,', {
  serve,
  kind: (port, means) => custom(parrot(port, 'us'), means, { backoff }),
});

conforms('custom, whose library reconnects by itself,', {
  serve,
  kind: (port, means) => custom(parrot(port, 'itself'), means),
});
