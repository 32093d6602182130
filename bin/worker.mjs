/** A worker process of an experiment; see src/experiment/workers. */
import { load } from './load.mjs';

const { serve } = await load('experiment/workers/serve');
serve();
