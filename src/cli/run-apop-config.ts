import { say } from './command.ts';
import type { RunArguments } from './run-config.ts';

/** What an APOP config would do, in words. */
export async function plannedApop(file: string): Promise<string> {
  const { readApopConfig } = await import('../apop/config.ts');
  const { openDataset } = await import('../apop/experiment.ts');
  const { loadModel } = await import('../model/model.ts');
  const config = await readApopConfig(file);
  const lines: string[] = [];
  for (const entry of config.models) {
    const { ids } = await openDataset(config, await loadModel(entry));
    lines.push(
      `${entry.name}: ${ids.length} pictures of ${config.dataset.name}, inputs ${config.references.join(', ')}`,
    );
  }
  return lines.join('\n');
}

/** Runs an APOP config, showing its progress on stderr; false where Ctrl-C stopped it, with the exit code set then. */
export async function runApopConfig(
  file: string,
  { out, fresh, quiet, engine: chosen, threads, again }: RunArguments,
): Promise<boolean> {
  const { readApopConfig } = await import('../apop/config.ts');
  const { runApopExperiment } = await import('../apop/experiment.ts');
  const { diskError } = await import('./disk.ts');
  const { openEngine } = await import('../engine/select.ts');
  const { interruptible, stopped } = await import('./interrupt.ts');
  const { progressView } = await import('./progress.ts');
  const config = await readApopConfig(file);
  const view = quiet ? undefined : progressView();
  const engine = await openEngine(chosen, { threads });
  const { signal, dispose } = interruptible();
  try {
    const { finished, reused, files } = await runApopExperiment(config, {
      ...{ out, fresh, engine, signal },
      onProgress: view?.show,
    });
    if (finished) say(`${config.models.length} nets (${reused} from before): ${out}/${files.join(', ')}`);
    else {
      say(`stopped; finished nets are kept; to go on: ${again}`);
      process.exitCode = stopped;
    }
    return finished;
  } catch (error) {
    throw diskError(error, out);
  } finally {
    view?.end();
    dispose();
    await engine.release();
  }
}
