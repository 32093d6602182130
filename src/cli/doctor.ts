import { defineCommand, print } from './command.ts';

/** `doctor`: whether the parts that an experiment needs work on this machine. */
export const doctor = defineCommand({
  builder: (yargs) => yargs.option('json', { type: 'boolean', default: false, describe: 'as JSON' }),
  async handler({ json }) {
    const { diagnose } = await import('./diagnosis.ts');
    const { table } = await import('./table.ts');
    const findings = await diagnose();
    if (json) print(JSON.stringify(findings, null, 2));
    else {
      const state = { true: 'ok', false: 'FAILS' };
      print(
        table(
          findings.map(({ name, ok, needed, detail, advice }) => [
            ok || needed ? state[`${ok}`] : 'absent',
            name,
            advice ? `${detail}; ${advice}` : detail,
          ]),
        ),
      );
    }
    if (findings.some(({ ok, needed }) => needed && !ok)) process.exitCode = 1;
  },
});
