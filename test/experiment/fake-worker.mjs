/** A worker that computes nothing: the units' descriptions say what becomes of it. */
import { existsSync, writeFileSync } from 'node:fs';

let marks;
let stopped = false;
const say = (message) => new Promise((resolve) => process.send(message, resolve));

process.on('message', async (message) => {
  if (message.kind === 'open') marks = message.setting.recipe.text;
  if (message.kind === 'stop') stopped = true;
  if (message.kind !== 'task') return;
  for (const { key, description } of message.task.units) {
    if (stopped) break;
    const mark = `${marks}/${key}`;
    if (/dies always/.test(description) || (/dies once/.test(description) && !existsSync(mark))) {
      writeFileSync(mark, '');
      process.kill(process.pid, 'SIGKILL');
      return;
    }
    if (/fails/.test(description)) {
      await say({ kind: 'failed', message: `${description}: broken`, mistake: /mistake/.test(description) });
      return;
    }
    const unit = { key, samples: {}, facts: {}, cells: {}, seconds: process.pid };
    await say({ kind: 'result', result: { task: message.task.id, units: [unit] } });
  }
  await say({ kind: 'ended' });
});
process.on('disconnect', () => process.exit());
