/** The option `--log` of commands that run an experiment. */
export const logOption = {
  choices: ['text', 'json'] as const,
  default: 'text' as const,
  describe: 'messages on stderr, as text or as JSON lines for programs',
};
